#!/usr/bin/env bash
# Packs the native library for iOS devices, iOS simulators and Macs into LouverFFI.xcframework. Needs a Mac with Xcode, and
# the Rust targets that are named below.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
package="$PWD"
cd ../../..
cargo xtask bindings swift
target="$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/headers"
cp "$package/Sources/LouverFFI/LouverFFI.h" "$package/Sources/LouverFFI/module.modulemap" "$work/headers"

# One static library for each of its arguments but the first, together under the name of the first.
pack() {
    local name="$1" built=()
    shift
    for triple in "$@"; do
        cargo build --profile dist --locked --package louver-mobile --target "$triple"
        built+=("$target/$triple/dist/liblouver_mobile.a")
    done
    mkdir "$work/$name"
    lipo -create "${built[@]}" -output "$work/$name/liblouver_mobile.a"
}
pack device aarch64-apple-ios
pack simulator aarch64-apple-ios-sim x86_64-apple-ios
pack mac aarch64-apple-darwin x86_64-apple-darwin

rm -rf "$package/LouverFFI.xcframework"
arguments=()
for name in device simulator mac; do
    arguments+=(-library "$work/$name/liblouver_mobile.a" -headers "$work/headers")
done
xcodebuild -create-xcframework "${arguments[@]}" -output "$package/LouverFFI.xcframework"
