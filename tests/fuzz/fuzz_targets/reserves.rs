#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    louver_tests::decoders::reserves(bytes);
});
