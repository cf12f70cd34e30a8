//! The native library of the Swift and Kotlin SDKs: `louver-sdk`, as it crosses the language border. It adds nothing.

louver_sdk::uniffi_reexport_scaffolding!();
