import Foundation

/// A secret that must be nowhere, and every form in which it might be there
/// all the same (reliability T13).
public struct Canary: Sendable, Hashable {
    /// What a hit is called in a report; never the secret itself.
    public let name: String
    /// The secret as it is.
    private let bytes: [UInt8]

    public init(name: String, secret: String) { self.init(name: name, bytes: Array(secret.utf8)) }

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// For tests of the search itself, and to hand the secret to a program.
    public var plain: String { String(decoding: bytes, as: UTF8.self) }

    /// A new upstream key: `sk-or-v1-` and 64 hexadecimal digits.
    public static func upstreamKey(_ name: String) -> Canary {
        Canary(name: name, secret: "sk-or-v1-" + Self.hexadecimal(64))
    }

    public static func hexadecimal(_ count: Int) -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<count).map { _ in digits[Int.random(in: 0..<16)] })
    }

    /// The forms to look for. Pieces find a secret that was cut.
    var forms: [(form: String, bytes: [UInt8])] {
        let raw = bytes
        var forms: [(String, [UInt8])] = [
            ("raw", raw),
            ("hex", Array(Self.hex(raw).utf8)),
            ("upper-case hex", Array(Self.hex(raw).uppercased().utf8)),
            ("URL-encoded", raw.flatMap { Array("%\(Self.hex([$0]))".utf8) }),
            ("upper-case URL-encoded", raw.flatMap { Array("%\(Self.hex([$0]).uppercased())".utf8) }),
            ("JSON-escaped", raw.flatMap { Array("\\u00\(Self.hex([$0]))".utf8) }),
            ("UTF-16", raw.flatMap { [$0, 0] }),
            ("UTF-16, big-endian", raw.flatMap { [0, $0] }),
            ("reversed", raw.reversed()),
        ]
        for separator in [" ", "\n", "-", ":"] {
            forms.append(("groups of eight", Self.groups(raw, separator)))
        }
        for shift in 0..<3 {
            let text = Self.base64(raw, shift: shift)
            forms.append(("base64", Array(text.utf8)))
            let safe = text.replacing("+", with: "-").replacing("/", with: "_")
            if safe != text { forms.append(("URL-safe base64", Array(safe.utf8))) }
        }
        // Long enough to be no accident, and none of the 13 characters that a mask shows.
        if raw.count >= 60 {
            forms.append(("first part", Array(raw[9..<37])))
            forms.append(("last part", Array(raw[(raw.count - 28)...])))
        }
        return forms
    }

    /// As somebody prints it who wants it to be read easily.
    private static func groups(_ bytes: [UInt8], _ separator: String) -> [UInt8] {
        let starts = stride(from: 0, to: bytes.count, by: 8)
        return Array(starts.map { bytes[$0..<min($0 + 8, bytes.count)] }.joined(separator: separator.utf8))
    }

    /// What base64 makes of the bytes when `shift` others are before them,
    /// without the characters that depend on the neighbours.
    private static func base64(_ bytes: [UInt8], shift: Int) -> String {
        let text = Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString()
        let first = (shift * 8 + 5) / 6
        let last = (shift + bytes.count) * 8 / 6
        return String(text.prefix(last).dropFirst(first))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
