import ORKit

/// Which web pages may read our answers (SE-03). Nil in the settings where
/// none may: then a request costs nothing for it.
///
/// Never `Access-Control-Allow-Credentials`: callers show a key that the page
/// itself has, not one that a browser adds for it.
struct CrossOrigin: Sendable {
    private struct Allowed: Sendable {
        var origin: [UInt8]
        /// `Name: value` lines with CRLF.
        var lines: [UInt8]
    }

    private let allowed: [Allowed]
    /// For every page; nil where the origin matters.
    private let forAnybody: [UInt8]?

    /// A cache must not give one page's answer to another.
    private static let vary = Array("Vary: Origin\r\n".utf8)

    /// - Parameter origins: `scheme://host` with a port where it is not the
    ///   scheme's own, in lower case; or `*` alone.
    init?(_ origins: [String]) {
        guard !origins.isEmpty else { return nil }
        func lines(_ origin: String) -> [UInt8] {
            Array(
                "Access-Control-Allow-Origin: \(origin)\r\nAccess-Control-Expose-Headers: *\r\n".utf8)
        }
        forAnybody = origins == ["*"] ? lines("*") : nil
        allowed = origins.map { Allowed(origin: Array($0.utf8), lines: lines($0) + Self.vary) }
    }

    /// What the answer to this request carries besides its own fields.
    func lines(for head: borrowing RequestHead, in source: UnsafeRawBufferPointer) -> [UInt8] {
        if let forAnybody { return forAnybody }
        return match(head, source)?.lines ?? Self.vary
    }

    /// Whether the page may read answers.
    func allows(_ head: borrowing RequestHead, in source: UnsafeRawBufferPointer) -> Bool {
        forAnybody != nil || match(head, source) != nil
    }

    /// Further fields of the answer to a preflight that is allowed. Request
    /// fields are granted as asked for: SDKs send many of their own.
    static func preflightFields(_ head: borrowing RequestHead, in source: UnsafeRawBufferPointer) -> [(
        String, String
    )] {
        var fields = [
            ("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE"),
            ("Access-Control-Max-Age", "600"),
            ("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]
        let wanted = head.fields.first { field in
            field.kind == .accessControl
                && String(decoding: source.part(field.name), as: UTF8.self).lowercased()
                    == "access-control-request-headers"
        }
        if let wanted, isListOfNames(source[wanted.value.range]) {
            let names = String(decoding: source.part(wanted.value), as: UTF8.self)
            fields.append(("Access-Control-Allow-Headers", names))
        }
        return fields
    }

    private func match(_ head: borrowing RequestHead, _ source: UnsafeRawBufferPointer) -> Allowed? {
        guard let field = head.first(.origin) else { return nil }
        let origin = source[field.value.range]
        return allowed.first { $0.origin.elementsEqual(origin) }
    }

    /// What is sent back was sent by a stranger: letters, digits, hyphens and
    /// what separates them, and not much of it.
    private static func isListOfNames(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        (1...1024).contains(value.count)
            && value.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2C, 0x20: true
                case 0x2D, 0x5F, 0x2E: true
                default: false
                }
            }
    }
}
