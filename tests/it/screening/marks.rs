//! What makes two records alike, and what must not.

use std::collections::BTreeSet;

use clares_law::domain::likeness::{Ground, Mark};
use clares_law::domain::person::Person;
use proptest::prelude::*;

fn person(given: &str, family: &str, other: &str, born: &str) -> Person {
    Person {
        given_names: given.into(),
        family_name: family.into(),
        other_names: other.into(),
        born: born.into(),
    }
}

type Names = (&'static str, &'static str, &'static str, &'static str);

fn of((given, family, other, born): Names) -> BTreeSet<Mark> {
    Mark::of_person(&person(given, family, other, born))
}

fn alike(one: &BTreeSet<Mark>, other: &BTreeSet<Mark>) -> bool {
    !one.is_disjoint(other)
}

#[test]
fn names_with_a_birth_are_known_again_however_they_are_spelt() {
    let listed = ("Calum John", "Breckenridge", "", "1988-03-14");
    for told in [
        ("Calum", "Breckenridge", "Cal", "1988"),
        ("CALUM", "BRECKENRIDGE", "", "1988-03"),
        ("Mr Calum", "Breckenridge", "", "1988"),
        ("Dr. Calum", "Breckenridge", "", "1988"),
        ("Cal", "Breckenridge", "", "1988-03-14"),
        ("", "Breckenridge", "", "1988-03-14"),
        ("Calum", "Smith", "Breckenridge", "1988-03-14"),
        ("Calum", "Smith", "born Calum Breckenridge", "1988"),
        ("Calum", "Smith-Breckenridge", "", "1988"),
        ("Calum Breckenridge", "", "", "1988"),
    ] {
        assert!(alike(&of(listed), &of(told)), "{told:?}");
    }
    for (one, other) in [
        (
            ("Siobhán", "Ní Dhálaigh", "", "1991"),
            ("Siobhan", "Ni Dhalaigh", "", "1991-07-22"),
        ),
        (
            ("Pat", "O'Brien", "", "1970"),
            ("Pat", "OBrien", "", "1970"),
        ),
        (
            ("Pat", "O’Brien", "", "1970"),
            ("Pat", "O Brien", "", "1970"),
        ),
        (
            ("Ann", "Smith-Jones", "", "1970"),
            ("Ann", "Smith Jones", "", "1970"),
        ),
        (
            ("Ian", "MacDonald", "", "1970"),
            ("Ian", "Mac Donald", "", "1970"),
        ),
        (("Li", "Ng", "", "1970"), ("Li", "NG", "", "1970")),
        (
            ("Jan", "van der Berg", "", "1970"),
            ("Jan", "Vanderberg", "", "1970"),
        ),
        (
            ("Søren", "Łuczak", "", "1970"),
            ("Soren", "Luczak", "", "1970"),
        ),
    ] {
        assert!(alike(&of(one), &of(other)), "{one:?} {other:?}");
    }
}

#[test]
fn too_little_in_common_is_nothing() {
    let listed = ("Calum John", "Breckenridge", "", "1988-03-14");
    for told in [
        ("Calum", "Breckenridge", "Cal", ""),
        ("Calum", "Breckenridge", "", "1989"),
        ("Cal", "Breckenridge", "", "1988"),
        ("John", "Breckenridge", "", "1988"),
        ("Calum", "Buchan", "", "1988-03-14"),
        ("Calum", "", "", "1988-03-14"),
        ("", "Breckenridge", "", "1988-03"),
        ("Calum", "Breck", "", "1988-03-14"),
    ] {
        assert!(!alike(&of(listed), &of(told)), "{told:?}");
    }
    for (one, other) in [
        (
            ("Ann", "Hay", "née Fairlie", "1970-01-01"),
            ("Una", "Orr", "née Rae", "1970-01-01"),
        ),
        (
            ("Ann", "Hay", "none", "1970-01-01"),
            ("Una", "Orr", "None", "1970-01-01"),
        ),
        (
            ("Jan", "van Dijk", "", "1970-01-01"),
            ("Piet", "van Loon", "", "1970-01-01"),
        ),
        (("Mr", "", "", "1970-01-01"), ("Mr", "", "", "1970-01-01")),
    ] {
        assert!(!alike(&of(one), &of(other)), "{one:?} {other:?}");
    }
}

#[test]
fn staff_numbers_are_compared_without_rank_and_noughts() {
    for written in [
        "PC 01234",
        "pc1234",
        "1234",
        "Police Constable 1234",
        "01234 ",
    ] {
        assert_eq!(
            Mark::of_staff_number(written).unwrap().value,
            "1234",
            "{written}"
        );
    }
    assert_eq!(Mark::of_staff_number("E-4411").unwrap().value, "e4411");
    for nothing in ["", "none", "12", "PC 7", "not known", "0012"] {
        assert_eq!(Mark::of_staff_number(nothing), None, "{nothing}");
    }
}

fn phones(text: &str) -> Vec<String> {
    Mark::of_phones(text)
        .into_iter()
        .map(|mark| mark.value)
        .collect()
}

#[test]
fn telephone_numbers_are_compared_as_dialled_at_home() {
    for written in [
        "01632 960123",
        "+44 1632 960123",
        "+44 (0)1632 960123",
        "0044 1632 960 123",
        "(01632) 960-123",
        "call me on 01632.960.123, not after six",
        "1632960123",
    ] {
        assert_eq!(phones(written), ["01632960123"], "{written}");
    }
    assert_eq!(
        phones("01632 960123 07700 900456"),
        ["01632960123", "07700900456"]
    );
    assert_eq!(
        phones("01632 960123; +44 7700 900456"),
        ["01632960123", "07700900456"]
    );
    for nothing in [
        "",
        "960123",
        "101",
        "between 10 and 2",
        "12/11/2026",
        "1988-03-14",
    ] {
        assert_eq!(phones(nothing), [""; 0], "{nothing}");
    }
}

#[test]
fn an_address_is_a_house_and_not_a_town() {
    let alike = |one, other| alike(&Mark::of_address(one), &Mark::of_address(other));
    for (one, other) in [
        (
            "14 Tollcairn Road, Strathdunan ZZ1 2AB",
            "14, Tollcairn Rd\nSTRATHDUNAN, zz12ab",
        ),
        (
            "14 Tollcairn Road, ZZ1 2AB",
            "14 Tolcairn Rd (sic), ZZ1 2AB",
        ),
        ("14A Tollcairn Road ZZ1 2AB", "14 a Tollcairn Road ZZ1 2AB"),
        (
            "Flat 2/1, 8 Kilmorran Street, ZZ3 4CD",
            "8 Kilmorran St, Flat 2/1, ZZ3 4CD",
        ),
        (
            "Flat 2/1, 8 Kilmorran Street, Strathdunan",
            "flat 2/1 8 Kilmorran St Strathdunan",
        ),
        (
            "14 Tollcairn Road, Strathdunan",
            "14 Tollcairn Road, Strathdunan ZZ1 2AB",
        ),
    ] {
        assert!(alike(one, other), "{one}: {other}");
    }
    for (one, other) in [
        ("Strathdunan", "Strathdunan"),
        (
            "Kilmorran Street, Strathdunan",
            "Kilmorran Street, Strathdunan",
        ),
        ("ZZ1 2AB", "ZZ1 2AB"),
        ("Tollcairn Road, ZZ1 2AB", "Tollcairn Road, ZZ1 2AB"),
        ("8 High Street", "8 High Street"),
        ("14 Tollcairn Road, ZZ1 2AB", "15 Tollcairn Road, ZZ1 2AB"),
        (
            "Flat 2, 8 Kilmorran Street, ZZ3 4CD",
            "Flat 3, 8 Kilmorran Street, ZZ3 4CD",
        ),
        ("14 Tollcairn Road, ZZ1 2AB", "14 Tollcairn Road, ZZ1 2AC"),
    ] {
        assert!(!alike(one, other), "{one}: {other}");
    }
}

#[test]
fn a_mark_shows_no_one() {
    let mark = Mark::of_staff_number("E4411").unwrap();
    assert_eq!(format!("{mark:?}"), "Mark { ground: StaffNumber, .. }");
    for ground in Ground::ALL {
        assert_eq!(Ground::read(ground.name()), Some(ground));
    }
    assert_eq!(Ground::read("name"), None);
}

/// A name as people have it, of three letters or more.
fn name() -> impl Strategy<Value = String> {
    "[A-Z][a-zéóøü]{3,9}"
}

fn born() -> impl Strategy<Value = String> {
    (1930..2010, 1..=12, 1..=28)
        .prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"))
}

/// The same name in another spelling.
fn respelt(name: &str, how: u8) -> String {
    match how % 5 {
        0 => name.to_uppercase(),
        1 => format!("  {name} "),
        2 => name
            .replace('é', "e")
            .replace(['ó', 'ø'], "o")
            .replace('ü', "u"),
        3 => format!("Mrs {name}"),
        _ => {
            let (first, rest) = name.split_at(1);
            format!("{first}'{rest}")
        }
    }
}

proptest! {
    #[test]
    fn another_spelling_is_the_same_person(
        given in name(), family in name(), born in born(), how: u8, other: u8
    ) {
        let one = Mark::of_person(&person(&given, &family, "", &born));
        let told = person(&respelt(&given, how), &respelt(&family, other), "", &born);
        prop_assert_eq!(one, Mark::of_person(&told));
    }

    #[test]
    fn without_a_year_nobody_is_known_again(given in name(), family in name(), more in name()) {
        prop_assert!(Mark::of_person(&person(&given, &family, &more, "")).is_empty());
    }

    #[test]
    fn another_last_name_and_another_year_are_never_enough(
        given in name(), family in name(), others in name(), born in born(), year in 1900..1930
    ) {
        let one = Mark::of_person(&person(&given, &family, "", &born));
        let in_another_year = format!("{year}{}", &born[4..]);
        let other = Mark::of_person(&person(&given, &family, "", &in_another_year));
        prop_assert!(one.is_disjoint(&other));
        let otherwise = format!("X{others}");
        prop_assume!(otherwise.to_lowercase() != family.to_lowercase());
        let named_otherwise = Mark::of_person(&person(&given, &otherwise, "", &born));
        prop_assert!(one.is_disjoint(&named_otherwise));
    }

    #[test]
    fn nothing_typed_anywhere_breaks_it(text in "\\PC{0,60}") {
        Mark::of_person(&person(&text, &text, &text, "1988-03-14"));
        for mark in Mark::of_phones(&text) {
            prop_assert!(mark.value.len() >= 10);
        }
        for mark in Mark::of_address(&text) {
            prop_assert!(mark.value.chars().any(char::is_numeric), "{}", mark.value);
        }
        if let Some(mark) = Mark::of_staff_number(&text) {
            prop_assert!(mark.value.len() >= 3);
        }
    }
}
