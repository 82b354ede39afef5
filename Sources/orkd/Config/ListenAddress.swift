/// Where a listener binds: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// Address or name, without brackets.
    var host: String
    /// 0 lets the kernel choose: for tests.
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Returns: nil unless the text is a host, a colon and a port. A bare
    ///   `:8080` is refused: it means every address to some programs and this
    ///   machine to others.
    init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            guard host.contains(":"), host.allSatisfy(Self.isAddressCharacter) else { return nil }
        } else {
            guard
                host.allSatisfy({
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_")
                })
            else { return nil }
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    /// Only this machine can connect.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func isAddressCharacter(_ character: Character) -> Bool {
        character.isHexDigit || character == ":" || character == "." || character == "%"
    }
}
