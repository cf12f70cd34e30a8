#!/usr/bin/env bash
# The native library for each Android processor, into src/main/jniLibs. Needs the NDK (ANDROID_NDK_HOME), `cargo-ndk`, and
# the Rust targets aarch64-linux-android, armv7-linux-androideabi and x86_64-linux-android.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out="$PWD/src/main/jniLibs"
cd ../../../..
cargo ndk --platform 26 --target arm64-v8a --target armeabi-v7a --target x86_64 --output-dir "$out" \
    build --profile dist --locked --package louver-mobile
# The Kotlin sources are the same for every processor.
cargo xtask bindings kotlin
