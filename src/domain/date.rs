//! Dates as people know them: whole, or only the month or the year.

use jiff::civil::Date;

/// Reads `1984`, `1984-05` or `1984-05-17` between 1900 and 2100.
///
/// # Errors
/// A sentence that says what to write.
pub fn parse_partial(text: &str) -> Result<String, String> {
    let say = || {
        "Write a year, a year and month, or a full date, such as 1984, 1984-05 or 1984-05-17"
            .to_owned()
    };
    let parts: Vec<&str> = text.split('-').collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if !digits || !matches!(widths[..], [4] | [4, 2] | [4, 2, 2]) {
        return Err(say());
    }
    let whole = format!("{text}{}", ["-01-01", "-01", ""][parts.len() - 1]);
    let date: Date = whole
        .parse()
        .map_err(|_| "There is no such date".to_owned())?;
    if !(1900..=2100).contains(&date.year()) {
        return Err("The year must be between 1900 and 2100".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse_partial;

    #[test]
    fn reads_what_people_know() {
        for good in ["1984", "1984-05", "1984-05-17", "2028-02-29"] {
            assert_eq!(parse_partial(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "84",
            "1984-13",
            "1984-5-1",
            "1984-02-30",
            "17/05/1984",
            "1884",
            "19840-1",
        ] {
            assert!(parse_partial(bad).is_err(), "{bad}");
        }
    }
}
