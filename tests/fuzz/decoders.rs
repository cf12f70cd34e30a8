//! Runs one decoder under libFuzzer: that of the name in `LOUVER_DECODER`.

#![no_main]

use std::sync::LazyLock;

use louver_tests::decoders::ALL;

static RUN: LazyLock<fn(&[u8]) -> bool> = LazyLock::new(|| {
    let name = std::env::var("LOUVER_DECODER").unwrap_or_default();
    let decoder = ALL.iter().find(|decoder| decoder.name == name);
    decoder.unwrap_or_else(|| panic!("LOUVER_DECODER names no decoder: {name:?}")).run
});

libfuzzer_sys::fuzz_target!(init: LazyLock::force(&RUN), |bytes: &[u8]| {
    RUN(bytes);
});
