//! Pages in the words of whoever reads them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::http::StatusCode;
use clares_law::domain::class::FieldClass;
use clares_law::engine::definition::Library;
use scraper::{ElementRef, Html};
use serde_json::json;

use super::address;
use super::sound::sound;
use crate::support::agreement;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, css, select};
use crate::support::house::events_with;
use crate::support::world::{SCHEME, dsdas, shipped};

/// Cases that a crawl opens for each role.
const CASES: usize = 2;

/// The shipped files with another in the place of one.
fn with(path: &str, text: String) -> Library {
    let mut library = shipped();
    library.0.get_mut(path).unwrap().text = text;
    library
}

/// Every text of a page, and what only screen readers say.
fn texts(browser: &Browser) -> Vec<String> {
    let page = Html::parse_document(&browser.html);
    let mut texts = Vec::new();
    for node in page.tree.nodes() {
        let doubt = node
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|element| {
                element
                    .value()
                    .classes()
                    .any(|class| class.starts_with("app-unconfirmed"))
            });
        // What nobody has confirmed is a note about sources, not a label.
        texts.extend(
            node.value()
                .as_text()
                .filter(|_| !doubt)
                .map(|text| text.to_string()),
        );
    }
    for element in page.select(&css("[aria-label]")) {
        texts.extend(element.value().attr("aria-label").map(str::to_owned));
    }
    texts
}

/// The text with everything between these quotation marks taken out.
fn without_quoted(text: &str) -> String {
    let parts = text.split('»');
    parts
        .map(|part| part.split('«').next().unwrap_or_default())
        .collect()
}

/// An agency that says every text of the definition in quotation marks: what a page shows without them was not said in
/// the reader's words.
fn quoting() -> Library {
    let mut text = "agencies:\n  quoting:\n".to_owned();
    for said in dsdas().said() {
        writeln!(text, "    {}: {}", json!(said), json!(format!("«{said}»"))).unwrap();
    }
    let mut library = with("words/agencies.yaml", text);
    // A case in every state is enough.
    let people = library.0.get_mut("demonstration.yaml").unwrap();
    people.text = people.text.replace("\ncases: 60", "\ncases: 1");
    let always = ["2000-01-01", "2099-12-31"];
    agreement::also(library, "quoting", &FieldClass::ALL, always)
}

#[tokio::test]
async fn no_staff_page_shows_a_label_that_is_not_in_the_readers_words() {
    let library = quoting();
    let test = TestApp::with(&library).await;
    let scheme = &dsdas().scheme.scheme;
    test.app.demonstrate(&library, scheme).await.unwrap();
    // Shorter ones may stand in what people typed, or be a word of the page itself.
    let said = dsdas().said().into_iter();
    let said: Vec<_> = said.filter(|text| text.split(' ').count() > 2).collect();
    let (mut quoted, mut forms) = (BTreeSet::new(), BTreeSet::new());
    let roles = dsdas().roles.roles.iter();
    for (role, _) in roles.filter(|(_, declared)| declared.reads_cases) {
        let name = format!("quoting-{role}");
        test.add_for("quoting", &name, role).await;
        let mut browser = test.signed_in(&name).await;
        let mut waiting = vec!["/staff".to_owned()];
        let (mut seen, mut cases) = (BTreeSet::new(), BTreeSet::new());
        while let Some(path) = waiting.pop() {
            let (case, form) = case_and_form(&path);
            let full = case.is_some_and(|case| cases.len() == CASES && !cases.contains(case));
            let new = path.starts_with("/staff") && seen.insert(path.clone());
            if full || !new || form.is_some_and(|form| !forms.insert(form.to_owned())) {
                continue;
            }
            cases.extend(case.map(str::to_owned));
            browser.get(&path).await;
            let shown = texts(&browser).join("\n");
            let parts = shown.split('«').skip(1);
            let parts = parts.filter_map(|part| part.split('»').next());
            quoted.extend(parts.map(str::to_owned));
            let plain = without_quoted(&shown);
            let bare = said.iter().find(|said| plain.contains(*said));
            assert_eq!(bare, None, "{path}: {plain}");
            let page = Html::parse_document(&browser.html);
            let links = css("a[href]");
            let links = page
                .select(&links)
                .filter_map(|link| link.value().attr("href"));
            waiting.extend(links.map(str::to_owned));
        }
    }
    assert!(quoted.len() > 500, "only {} texts were seen", quoted.len());
}

/// The case and the form that an address means.
fn case_and_form(path: &str) -> (Option<&str>, Option<&str>) {
    let Some(rest) = path.strip_prefix("/staff/cases/") else {
        return (None, None);
    };
    let (case, form) = rest
        .split_once("/do/")
        .map_or((rest, None), |(case, form)| (case, Some(form)));
    (case.split('?').next(), form)
}

#[tokio::test]
async fn an_agencys_people_read_their_own_word_and_what_is_stored_does_not_change() {
    const TYPED: &str = "The person at risk told her neighbour";
    let test = TestApp::open().await;
    let case = test.case().await;
    let form = format!("{}/do/raise_immediate_risk", address(case));
    test.add("fraser", "verifier").await;
    let mut browser = test.signed_in("fraser").await;
    browser.get(&form).await;
    assert!(browser.has("The person at risk") && !browser.has("tenant"));

    test.add_for("housing", "hamish", "verifier").await;
    let mut browser = test.signed_in("hamish").await;
    browser.get(&form).await;
    assert!(browser.has("The tenant") && !browser.has("person at risk"));
    let record = clares_law::web::form::write(
        &dsdas().records["immediate_risk"],
        &dsdas().records["immediate_risk"].examples(),
    );
    let mut filled: Vec<_> = record.pairs().collect();
    filled.push(("form-reason", TYPED));
    browser.send(&filled, "Check your answers").await;
    assert!(browser.has("The tenant") && browser.has(TYPED));
    browser.send(&[], "Confirm and record").await;
    assert!(
        browser.has("The tenant") && browser.has(TYPED),
        "{}",
        browser.text()
    );
    let kept = |text: &'static str| test.count(text);
    assert_eq!(events_with(&test.app, "tenant").await, 0);
    assert_eq!(
        kept("select count(*) from queue_entries where why like '%tenant%'").await,
        0
    );
    assert!(events_with(&test.app, "\"who\":\"person_at_risk\"").await > 0);
}

/// Texts of the public form, and made-up words for them: nobody has approved real ones.
const WELSH: [(&str, &str); 4] = [
    ("Who are you asking for?", "Gair prawf un"),
    ("For myself", "Gair prawf dau"),
    ("We will not send you any post", "Gair prawf tri"),
    (
        "Ask about somebody you are worried about",
        "Gair prawf pedwar",
    ),
];

/// The shipped files with a scheme that declares Welsh, its messages in it, and a few words.
fn in_welsh() -> Library {
    let mut text = "language: cy\nname: Cymraeg\nwords:\n".to_owned();
    for (en, is) in WELSH {
        writeln!(
            text,
            "  - en: {en}\n    is: {is}\n    approved_by: Non Example\n    on: 2026-11-22"
        )
        .unwrap();
    }
    let mut library = with("words/cy.yaml", text);
    let english: Vec<_> = library
        .under("messages")
        .map(|(path, _)| path.to_owned())
        .collect();
    for path in english {
        let message = library.0[&path].clone();
        library.0.insert(path.replace(".en.md", ".cy.md"), message);
    }
    let scheme = library.0.get_mut(SCHEME).unwrap();
    scheme.text = scheme
        .text
        .replace("\nlanguages:\n  - en\n", "\nlanguages:\n  - en\n  - cy\n");
    library
}

/// Every text of the page with the language that it is said to be in.
fn languages(browser: &Browser) -> Vec<(String, String)> {
    let page = Html::parse_document(&browser.html);
    let mut texts = Vec::new();
    for node in page.tree.nodes() {
        let Some(text) = node
            .value()
            .as_text()
            .filter(|text| !text.trim().is_empty())
        else {
            continue;
        };
        let above = node.ancestors().filter_map(ElementRef::wrap);
        let mut above = above.filter_map(|element| element.value().attr("lang"));
        texts.push((
            text.trim().to_owned(),
            above.next().unwrap_or_default().to_owned(),
        ));
    }
    texts
}

fn is_sound_welsh(browser: &Browser) {
    sound(browser);
    assert_eq!(
        select(&browser.html, "html[lang=cy] > body").len(),
        1,
        "{}",
        browser.path
    );
    for (text, language) in languages(browser) {
        let welsh = text == "Cymraeg" || WELSH.iter().any(|(_, is)| *is == text);
        assert_eq!(
            language == "cy",
            welsh,
            "{language} on {}: {text}",
            browser.path
        );
        assert!(
            welsh || language == "en",
            "{language} on {}: {text}",
            browser.path
        );
    }
}

#[tokio::test]
async fn a_public_page_is_read_in_another_language_and_what_is_missing_is_marked() {
    let test = TestApp::with(&in_welsh()).await;
    let mut browser = test.browser();
    browser.get("/").await;
    assert_eq!(select(&browser.html, "html[lang=en]").len(), 1);
    let welsh = browser.link("Cymraeg");
    browser.get(&welsh).await;
    is_sound_welsh(&browser);
    assert_eq!(browser.heading(), "Gair prawf pedwar");

    let start = browser.link("Start");
    let page = Html::parse_document(&browser.html);
    let (links, at) = (css("main a[href]"), address_of(&welsh));
    for link in page
        .select(&links)
        .filter_map(|link| link.value().attr("href"))
    {
        if link.starts_with(at) {
            assert!(link.ends_with("?lang=cy"), "{link} forgets the language");
            browser.get(link).await;
            is_sound_welsh(&browser);
        }
    }
    browser.get(&start).await;
    is_sound_welsh(&browser);
    assert!(browser.has("Gair prawf un") && !browser.has("Who are you asking for?"));
    let missing = select(
        &browser.html,
        "main label span[lang=en], main legend span[lang=en]",
    );
    assert!(
        missing.contains(&"Is anyone in danger now?".to_owned()),
        "{missing:?}"
    );

    // A mistake is told in the same language, and the choice is not lost.
    assert_eq!(
        browser.send(&[], "Send").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    is_sound_welsh(&browser);
    let told = select(&browser.html, ".govuk-error-summary span[lang=cy]");
    assert_eq!(told, ["Gair prawf un"]);
    browser.send(&super::public::GOOD, "Send").await;
    assert_eq!(browser.status, StatusCode::OK, "{}", browser.text());
    is_sound_welsh(&browser);
    assert!(
        browser.path.ends_with("/f/sent?lang=cy"),
        "{}",
        browser.path
    );
    assert!(browser.cookies.is_empty(), "nothing is kept of the choice");
    let stored = "select count(*) from events where body like '%Gair prawf%'";
    assert_eq!(test.count(stored).await, 0);
    let back = browser.link("English");
    browser.get(&back).await;
    assert!(!browser.html.contains("lang=\"cy\" class"), "English again");
}

#[tokio::test]
async fn a_language_is_offered_only_where_it_is_declared_and_has_a_word() {
    for (library, asked) in [
        (in_welsh(), "gd"),
        (in_welsh(), "\"><b>"),
        (shipped(), "cy"),
    ] {
        let test = TestApp::with(&library).await;
        let mut browser = test.browser();
        browser.get("/").await;
        let start = browser.link("Start");
        browser.get(&start).await;
        let (plain, key) = (browser.html.clone(), select_key(&browser));
        let code = asked
            .replace('"', "%22")
            .replace('>', "%3E")
            .replace('<', "%3C");
        browser.get(&format!("{start}?lang={code}")).await;
        let again = browser.html.replace(&select_key(&browser), &key);
        assert_eq!(again, plain, "{asked}");
        let offered = plain.contains("govuk-language-navigation");
        assert_eq!(offered, asked != "cy", "no choice without a word");
    }
}

/// Without what is asked of it.
fn address_of(link: &str) -> &str {
    link.split('?').next().unwrap_or(link)
}

/// The form's own key, which differs each time.
fn select_key(browser: &Browser) -> String {
    let (_, pairs) = browser.form(&[], "Send");
    let key = pairs.into_iter().find(|(name, _)| name == "form-key");
    key.unwrap().1
}
