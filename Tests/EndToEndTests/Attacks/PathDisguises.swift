import ORKTestSupport

/// Ways to write a path that a proxy and the server behind it might read
/// differently (`reliability.md` B4-3), and an oracle that reads as
/// generously as the most careless of servers.
struct PathDisguises {
    private var random: SeededGenerator

    init(_ random: SeededGenerator) { self.random = random }

    /// What a client key must never reach.
    static let forbidden = [
        "key", "keys", "keys/0123abcd", "auth/key", "auth/keys", "auth/keys/code", "oauth/token", "credits",
        "credits/coinbase", "activity", "analytics", "byok", "guardrails", "workspaces",
        "organization/members",
        "presets", "observability", "generation?id=gen-1", "generation/content?id=gen-1", "files",
        "files/file-1",
        "files/file-1/content", "batches", "batches/batch-1", "videos", "videos/job-1/content",
        "responses/resp-1",
        "chat/completions/chatcmpl-1", "messages/batches", "echo",
    ]

    private static let prefixes = ["/v1/", "/api/v1/", "/openrouter/", "/openrouter/v1/"]

    /// Paths that are good, to climb out of.
    private static let open = [
        "chat/completions", "models", "models/a/b", "messages", "embeddings", "images/models/a",
    ]

    private static let climbs = [
        "../", "..%2f", "%2e%2e/", "%2e%2e%2f", ".%2e/", "..\\", "..%5c", "%252e%252e/", "..;/", "..;x=y/",
        "../;/",
        "..%00/", "..%20/", "%c0%ae%c0%ae/", "%uff0e%uff0e/", "．．/", "....//", "..//", ".../", "..%09/",
        "..?/", "..#/",
        "%e3%80%82%e3%80%82/", "/../", "./../",
    ]

    private static let separators = [
        "//", "/./", "///", "%2f", "%2F", "%5c", "\\", "%252f", "/;/", "/;x=y/", "/%2e/", "/%20/", "%c0%af",
        "／",
        "%ef%bc%8f", "/%00/", "/.%2f", "%u2215", "/x/../", "/x/%2e%2e/", "?/", "#/", "/%0d%0a/", "%00/",
        "/*/../",
    ]

    private static let endings = [
        "", "", "", "/", "//", "/.", ".", "..", "%2e", " ", "%20", "%09", "%00", ";", ";x=y", "?", "?x=y",
        "#", "#x", "%3f",
        "%23", "\\", "%5c", "/*", "~", ".json", "%0a", ",", "::$DATA", "/%2e",
    ]

    static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

    /// The next method and target.
    mutating func next() -> (method: String, target: String) {
        let words = pick(Self.forbidden)
        let query = words.firstIndex(of: "?").map { String(words[$0...]) } ?? ""
        var path = String(words.prefix { $0 != "?" })
        if chance(2) { path = recased(path) }
        if chance(3) { path = encoded(path) }
        if chance(2) { path = separated(path) }
        if chance(2) {
            let way = pick(Self.open)
            let depth = way.split(separator: "/").count + Int.random(in: 0...1, using: &random)
            path = way + "/" + (0..<depth).map { _ in pick(Self.climbs) }.joined() + path
        } else if chance(3) {
            path = pick(Self.separators) + path
        }
        let prefix = chance(4) ? recased(pick(Self.prefixes)) : pick(Self.prefixes)
        return (pick(Self.methods), prefix + path + pick(Self.endings) + query)
    }

    private mutating func pick(_ list: [String]) -> String {
        list[Int.random(in: list.indices, using: &random)]
    }

    /// True one time in so many.
    private mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

    private mutating func recased(_ text: String) -> String {
        String(text.map { chance(2) ? Character($0.uppercased()) : $0 })
    }

    private mutating func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            guard byte != 0x2F, chance(3) else { return String(UnicodeScalar(byte)) }
            let hex = String(byte, radix: 16)
            return chance(4) ? "%25" + hex : "%" + hex
        }.joined()
    }

    private mutating func separated(_ text: String) -> String {
        text.split(separator: "/").map(String.init).reduce("") {
            $0.isEmpty ? $1 : $0 + pick(Self.separators) + $1
        }
    }
}

/// What may go upstream for a client key with the usual permissions, written
/// down again, independently of the product.
enum AllowedPath {
    private static let run: Set<String> = [
        "chat/completions", "completions", "responses", "messages", "messages/count_tokens", "embeddings",
        "rerank",
        "images", "images/generations", "audio/speech", "audio/transcriptions", "audio/translations",
        "systemone",
    ]
    private static let read: Set<String> = [
        "models", "models/count", "models/user", "providers", "endpoints/zdr", "embeddings/models",
        "images/models",
        "videos/models", "benchmarks", "classifications/task",
    ]
    private static let trees = ["models/", "model/", "parameters/", "datasets/", "images/models/"]

    /// Whether an upstream path is allowed as it stands, and is still the
    /// same when it is read as generously as can be.
    static func holds(_ method: String, _ path: String) -> Bool {
        guard path.hasPrefix("/api/v1/") else { return false }
        let tail = String(path.dropFirst("/api/v1/".count))
        guard generous(path).lowercased() == path.lowercased() else { return false }
        switch method {
        case "POST": return run.contains(tail)
        case "GET", "HEAD": return isRead(tail)
        case "OPTIONS": return run.contains(tail) || isRead(tail)
        default: return false
        }
    }

    private static func isRead(_ tail: String) -> Bool {
        read.contains(tail) || trees.contains { tail.hasPrefix($0) && tail.count > $0.count }
    }

    /// Decodes again and again, takes every separator for one, resolves dots,
    /// and drops parameters, blanks and dots at the ends of names.
    static func generous(_ path: String) -> String {
        var text = path
        for _ in 0..<4 { text = decoded(text) }
        var names: [String] = []
        for part in text.split(whereSeparator: { "/\\／∕".contains($0) }) {
            let name = part.prefix { !";?#\0".contains($0) }
            let bare = String(name.reversed().drop { " .\t\r\n".contains($0) }.reversed())
            if name.allSatisfy({ ".．。".contains($0) }), name.count == 2 {
                _ = names.popLast()
            } else if !bare.isEmpty {
                names.append(bare)
            }
        }
        return "/" + names.joined(separator: "/")
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count > 1,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
