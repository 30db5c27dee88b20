//! Secrets are compared in constant time: by `subtle`, within the type `Secret` or named at the place.

use crate::support::files::files_below;
use crate::support::process::root;

#[test]
fn no_secret_is_compared_with_an_ordinary_equality() {
    let secret = std::fs::read_to_string(root().join("src/secret.rs")).unwrap();
    assert!(secret.contains("ct_eq(") && !secret.contains("PartialEq,"), "Secret's own equality is subtle's");
    let mut exposed = 0;
    for file in
        files_below(&root().join("src")).into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs"))
    {
        let text = std::fs::read_to_string(&file).unwrap();
        let (code, _) = text.split_once("#[cfg(test)]\nmod tests").unwrap_or((&text, ""));
        for (number, line) in code.lines().enumerate() {
            exposed += usize::from(line.contains(".expose()"));
            let compares =
                [" == ", " != ", ".eq(", ".ne(", ".cmp(", ".starts_with(", ".ends_with(", ".contains(", "matches!("];
            let of_secret = [".expose()", "operator_token", "session_token", "hash_key", "signature_bytes"];
            let found = compares.iter().any(|compare| line.contains(compare))
                && of_secret.iter().any(|name| line.contains(name));
            assert!(!found, "{}:{}: {line}", file.display(), number + 1);
        }
    }
    assert!(exposed > 10, "the secrets are where this looks: {exposed}");
}
