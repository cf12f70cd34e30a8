import Foundation
import XCTest

@testable import Louver

/// A vector of the specification, read from JSON.
struct Vector {
    let value: Any?

    static func open(_ name: String) throws -> Vector {
        let clone = (0..<6).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let data = try Data(contentsOf: clone.appendingPathComponent("spec/vectors/\(name).json"))
        return Vector(value: try JSONSerialization.jsonObject(with: data))
    }

    subscript(_ name: String) -> Vector {
        Vector(value: (value as? [String: Any])?[name])
    }

    /// The objects of a list, which must not be empty.
    func objects(_ name: String, file: StaticString = #filePath, line: UInt = #line) -> [Vector] {
        let found = (self[name].value as? [Any] ?? []).map { Vector(value: $0) }
        XCTAssertFalse(found.isEmpty, name, file: file, line: line)
        return found
    }

    func text(_ name: String) throws -> String { try XCTUnwrap(optional(name), name) }

    func optional(_ name: String) -> String? { self[name].value as? String }

    func texts(_ name: String) throws -> [String] { try XCTUnwrap(self[name].value as? [String], name) }

    func lists(_ name: String) throws -> [[String]] { try XCTUnwrap(self[name].value as? [[String]], name) }

    func number<Number: FixedWidthInteger>(_ name: String) throws -> Number {
        let number = try XCTUnwrap(self[name].value as? NSNumber, name)
        return try XCTUnwrap(Number(exactly: number.uint64Value), name)
    }

    func view() throws -> ProtocolView {
        switch try text("direction") {
        case "external": return .external
        case "internal": return .internal
        case "out": return .outgoing
        case let other:
            XCTFail(other)
            return .external
        }
    }
}

/// A number of little-endian bytes in hexadecimal, if it has 64 bits.
func small(_ text: String) -> UInt64? {
    let bytes = stride(from: 0, to: text.count, by: 2).map { at -> Substring in
        let start = text.index(text.startIndex, offsetBy: at)
        return text[start..<text.index(start, offsetBy: 2)]
    }
    let digits = bytes.reversed().joined().drop { $0 == "0" }
    return digits.isEmpty ? 0 : UInt64(digits, radix: 16)
}

/// The name of the fault that something is refused with.
func fault<T>(file: StaticString = #filePath, line: UInt = #line, _ refused: () throws -> T) -> String {
    do {
        _ = try refused()
    } catch let error as ProtocolError {
        return Mirror(reflecting: error).children.first?.label ?? name(error)
    } catch {
        return "\(error)"
    }
    return "nothing"
}

/// The name of a fault without details.
private func name(_ error: ProtocolError) -> String {
    switch error {
    case .NonCanonicalField: return "NonCanonicalField"
    case .NonCanonicalPoint: return "NonCanonicalPoint"
    case .NotOnCurve: return "NotOnCurve"
    case .SmallOrder: return "SmallOrder"
    case .NotInSubgroup: return "NotInSubgroup"
    case .NotAnElement: return "NotAnElement"
    case .Identity: return "Identity"
    case .Malformed: return "Malformed"
    case .MixedCase: return "MixedCase"
    case .Checksum: return "Checksum"
    case .Padding: return "Padding"
    case .Prefix: return "Prefix"
    default: return "one with details"
    }
}
