internal import ORKit

/// One `name=value` of a query.
public struct QueryItem: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One call of the control API, before it is made.
struct ControlCall {
    enum Body {
        case none
        /// Empty for a change that needs no more than its query.
        case json([UInt8])
        case text([UInt8])
        case upload(named: String, (UnsafeMutableRawBufferPointer) throws -> Int)
    }

    let route: Route
    let id: String?
    let query: [QueryItem]
    let body: Body

    init(_ route: Route, id: String? = nil, query: [QueryItem] = [], body: Body = .none) {
        self.route = route
        self.id = id
        self.query = query
        self.body = body
    }

    /// `http://orkd/v1/keys?limit=20`; the host is only a word, the socket
    /// decides where it goes.
    var url: String {
        var path = ""
        for segment in route.path.split(separator: "/") {
            path += "/" + (segment == "{id}" ? Self.encoded(id ?? "") : String(segment))
        }
        let pairs = query.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }
        return "http://\(API.host)\(path)" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    var contentType: String? {
        switch body {
        case .none: nil
        case .json(let bytes): bytes.isEmpty ? nil : "application/json"
        case .text, .upload: "text/plain"
        }
    }

    /// The call as a line for a POSIX shell.
    func curlLine(socket: String) -> String {
        var words = ["curl", "--unix-socket", socket, "-H", "\(API.versionHeader): \(API.version)"]
        if route.method != "GET" { words += ["-X", route.method] }
        if let contentType { words += ["-H", "Content-Type: \(contentType)"] }
        switch body {
        case .none: break
        case .json(let bytes) where bytes.isEmpty: break
        case .json(let bytes), .text(let bytes):
            words += ["--data-binary", String(decoding: bytes, as: UTF8.self)]
        case .upload(let name, _): words += ["--data-binary", "@" + name]
        }
        return (words + [url]).map(Self.shellWord).joined(separator: " ")
    }

    /// Everything but RFC 3986's unreserved characters as percent signs.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func shellWord(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "@%+=:,./-_".utf8.contains(byte)
            }
        }
        if plain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}
