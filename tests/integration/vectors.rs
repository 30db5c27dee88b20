//! Our signatures against Node's own crypto: requirement G6 (HMAC).

use std::io::Write as _;
use std::process::{Command, Stdio};

use ordergroove_bigcommerce::ordergroove::signature::{Signer, Timestamp, url_encoded};
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

const REFERENCE: &str = r"
const { createHmac } = require('node:crypto');
const cases = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const sign = ([key, field, ts]) => createHmac('sha256', Buffer.from(key, 'utf8')).update(`${field}|${ts}`).digest('base64');
console.log(JSON.stringify(cases.map((one) => [sign(one), encodeURIComponent(sign(one))])));
";

#[test]
fn a_thousand_random_inputs_agree_with_node() {
    let mut runner = TestRunner::default();
    let case = ("[!-~]{32}", any::<u64>(), 1_000_000_000_i64..9_999_999_999)
        .prop_map(|(key, id, ts)| (key, id.to_string(), ts));
    let cases: Vec<(String, String, i64)> =
        (0..1000).map(|_| case.new_tree(&mut runner).expect("a case").current()).collect();
    let mut node = Command::new("node")
        .args(["-e", REFERENCE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    node.stdin
        .take()
        .expect("piped")
        .write_all(serde_json::to_string(&cases).expect("JSON").as_bytes())
        .expect("written");
    let printed = node.wait_with_output().expect("an answer").stdout;
    let theirs: Vec<(String, String)> = serde_json::from_slice(&printed).expect("JSON");
    assert_eq!(theirs.len(), 1000);
    for ((key, field, ts), (plain, encoded)) in cases.iter().zip(theirs) {
        let ours = Signer::new(key).sign(field, Timestamp::now(*ts));
        assert_eq!((url_encoded(&ours), ours), (encoded, plain), "{key} {field} {ts}");
    }
}
