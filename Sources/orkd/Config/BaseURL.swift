/// The upstream's origin and the path in front of its `/v1`.
///
/// `https://h/api`, `https://h/api/`, `https://h/api/v1` and
/// `https://h/api/v1/` are the same value (ruling 30): what is kept ends
/// before `/v1`, so a request for `/v1/models` goes to `prefix + "/v1/models"`.
struct BaseURL: Sendable, Hashable, CustomStringConvertible {
    var isTLS: Bool
    /// Name or address, lower case, without brackets.
    var host: String
    var port: Int
    /// Empty, or begins with a slash and does not end with one.
    var prefix: String

    static let openRouter = BaseURL(isTLS: true, host: "openrouter.ai", port: 443, prefix: "/api")

    init(isTLS: Bool, host: String, port: Int, prefix: String) {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.prefix = prefix
    }

    /// - Returns: nil unless the text is `http` or `https`, a host, perhaps a
    ///   port and a plain path: no user, query or fragment, nothing encoded.
    init?(_ text: some StringProtocol) {
        let lowered = text.prefix(8).lowercased()
        let rest: Substring
        if lowered.hasPrefix("https://") {
            isTLS = true
            rest = Substring(text.dropFirst(8))
        } else if lowered.hasPrefix("http://") {
            isTLS = false
            rest = Substring(text.dropFirst(7))
        } else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" }
        port = isTLS ? 443 : 80
        var name = authority
        // A colon after the last bracket begins the port.
        let end = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[end...].lastIndex(of: ":") {
            guard let value = UInt16(authority[authority.index(after: colon)...]), value > 0 else {
                return nil
            }
            port = Int(value)
            name = authority[..<colon]
        }
        guard let address = ListenAddress("\(name):0") else { return nil }
        host = address.host.lowercased()

        let segments = rest.dropFirst(authority.count).split(separator: "/", omittingEmptySubsequences: false)
        var path = segments.drop(while: \.isEmpty)
        while path.last?.isEmpty == true { path.removeLast() }
        if path.last == "v1" { path.removeLast() }
        let plain = path.allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".."
                && segment.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~".contains($0)) }
        }
        guard plain else { return nil }
        prefix = path.map { "/" + $0 }.joined()
    }

    /// The `Host` field: without the port where it is the scheme's own.
    var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    var description: String { "\(isTLS ? "https" : "http")://\(hostField)\(prefix)/v1" }
}
