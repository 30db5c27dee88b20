use proptest::prelude::*;

use super::*;

fn option(name: &str, option_id: u64, every: u32, every_period: u32, is_default: bool) -> CellOption {
    CellOption { name: name.to_owned(), option_id, every, every_period, is_default }
}

#[test]
fn the_form_is_exact() {
    let options = [option("One-time purchase", 103, 0, 0, true), option("Dad's month", 104, 1, 3, false)];
    assert_eq!(
        write(&options),
        r"[{'Name': 'One-time purchase', 'option_id': 103, 'every': 0, 'every_period': 0, 'is_default': 'TRUE'}; {'Name': 'Dad\'s month', 'option_id': 104, 'every': 1, 'every_period': 3, 'is_default': 'FALSE'}]"
    );
    assert_eq!(write(&[]), "[]");
}

#[test]
fn what_people_and_programs_make_of_it_is_read() {
    let month = [option("Every month", 104, 1, 3, true)];
    for cell in [
        "[{'Name': 'Every month', 'option_id': 104, 'every': 1, 'every_period': 3, 'is_default': ' TRUE'}]",
        "[{'Name':'Every month';'option_id':'104';'every':'1';'every_period':'3';'is_default':'true'}]",
        "\u{feff} [\r\n {'Name' : ' Every month ',\n'OPTION_ID':104.0, 'every': 1,'every_period':3,'is_default':True};\n]\n",
        r#"[{"Name":"Every month","option_id":104,"every":1,"every_period":3,"is_default":true}]"#,
        r#"[{"Name":"Every \u006donth","option_id":104,"every":1,"every_period":3,"is_default":true,"note":null}]"#,
        "[{‘Name’: ‘Every month’, ‘option_id’: 104, ‘every’: 1, ‘every_period’: 3, ‘is_default’: ‘TRUE’}]",
    ] {
        assert_eq!(read(cell).as_deref(), Ok(&month[..]), "{cell}");
    }
    assert_eq!(read(""), Ok(vec![]));
    assert_eq!(read(" [ ] "), Ok(vec![]));
    assert_eq!(read("[{'Name': 'Dad's month', 'option_id': 1}]"), Ok(vec![option("Dad's month", 1, 0, 0, false)]));
    let emoji = r#"[{"Name":"\ud83c\udf75","option_id":1}]"#;
    assert_eq!(read(emoji), Ok(vec![option("🍵", 1, 0, 0, false)]));
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (cell, at, reason) in [
        ("x", 1, "begin with \"[\""),
        ("[", 2, "closing \"]\""),
        ("[{", 3, "closing \"}\""),
        ("[{}]", 2, "no option_id"),
        ("[] x", 4, "more text"),
        ("[x]", 2, "begin with \"{\""),
        ("[{option_id 1}]", 13, "\":\" is missing"),
        ("[{'option_id': }]", 16, "value is missing"),
        ("[{'option_id': 'a}]", 20, "closing quote"),
        ("[{'option_id': 1, 'every': -1}]", 28, "\"every\" must be a whole number"),
        ("[{'option_id': 1, 'every': 1.5}]", 28, "\"every\" must be a whole number"),
        ("[{'option_id': 9007199254740992}]", 16, "whole number"),
        ("[{'option_id': 1, 'is_default': 'maybe'}]", 33, "TRUE or FALSE"),
        ("[{'option_id': 1, 'option_id': 2}]", 32, "there twice"),
        (r#"[{"Name":"\ud83cx","option_id":1}]"#, 17, "does not exist"),
    ] {
        let fault = read(cell).unwrap_err();
        assert!(fault.at == at && fault.reason.contains(reason), "{cell}: {fault}");
    }
    assert!(read(&"[".repeat(200_000)).is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_read(options in prop::collection::vec(any_option(), 0..8)) {
        prop_assert_eq!(read(&write(&options)), Ok(options));
    }

    #[test]
    fn no_text_is_too_odd(cell in ".*") {
        let _ = read(&cell);
    }

    #[test]
    fn no_list_is_too_odd(cell in r#"\[(\{|\}|'|"|;|,|:|name|option_id|1| |\\|u|\n){0,60}"#) {
        if let Ok(options) = read(&cell) {
            prop_assert_eq!(read(&write(&options)), Ok(options));
        }
    }
}

fn any_option() -> impl Strategy<Value = CellOption> {
    // Blanks at the ends of a name are not kept: they are what a spreadsheet leaves behind.
    let name = ".*".prop_map(|name: String| name.trim().to_owned());
    (name, 0..1_u64 << 53, any::<u32>(), any::<u32>(), any::<bool>()).prop_map(
        |(name, option_id, every, every_period, is_default)| CellOption {
            name,
            option_id,
            every,
            every_period,
            is_default,
        },
    )
}
