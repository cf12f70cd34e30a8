// swift-tools-version:5.9
import Foundation
import PackageDescription

// The bindings in `Sources/Louver/Generated` and `Sources/LouverFFI` are generated (see README.md). The native library
// behind them is an XCFramework where `build-xcframework.sh` has made one; elsewhere, as on Linux, the linker is told
// where it is.
let framework = "LouverFFI.xcframework"
let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
let packaged = FileManager.default.fileExists(atPath: folder.appendingPathComponent(framework).path)

let package = Package(
    name: "Louver",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Louver", targets: ["Louver"])],
    targets: [
        packaged
            ? .binaryTarget(name: "LouverFFI", path: framework)
            : .systemLibrary(name: "LouverFFI"),
        .target(
            name: "Louver",
            dependencies: ["LouverFFI"],
            linkerSettings: packaged ? [] : [.linkedLibrary("louver_mobile")]
        ),
        .testTarget(name: "LouverTests", dependencies: ["Louver"]),
    ]
)
