import ORKit

extension SettingForm where Value == String {
    /// Text that goes into a header field: no control characters, at most 512
    /// bytes; empty switches it off.
    static var headerText: Self {
        plain("string, at most 512 bytes") { text in
            guard text.utf8.count <= 512 else { return "is longer than 512 bytes" }
            return text.utf8.contains { $0 < 0x20 || $0 == 0x7F } ? "contains a control character" : nil
        }
    }

    /// The name of a system group; empty for none.
    static var group: Self {
        plain("group name") { text in
            let fits =
                text.utf8.count <= 32
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
            return fits ? nil : "is not a group name"
        }
    }

    /// A path. Relative ones count from the working directory of orkd, which
    /// is where an operator who types one is.
    static func path(optional: Bool = false) -> Self {
        plain("path") { text in
            if text.isEmpty { return optional ? nil : "is empty" }
            return text.utf8.contains(0) ? "contains a NUL" : nil
        }
    }

    private static func plain(_ type: String, _ problem: @escaping @Sendable (String) -> String?) -> Self {
        SettingForm(type: type) { raw in
            switch raw {
            case .text(let text), .untyped(let text):
                if let problem = problem(text) { return .failure("\(quoted(text)) \(problem)") }
                return .success(text)
            default: return .failure("expected a string, found \(raw.typeName)")
            }
        } show: {
            $0
        }
    }
}

extension SettingForm where Value == UpstreamBase {
    static var baseURL: Self {
        SettingForm(type: "http or https URL") { raw in
            switch raw {
            case .text(let text), .untyped(let text):
                if let url = UpstreamBase.normalise(text) { return .success(url) }
                // Not quoted: a URL with a user in it is a secret.
                return .failure(
                    "not an http or https URL of a host and a plain path, such as “https://openrouter.ai/api/v1”"
                )
            default: return .failure("expected a URL, found \(raw.typeName)")
            }
        } show: {
            $0.text
        }
    }
}

extension SettingForm where Value == [String] {
    /// Origins of web pages (RFC 6454, 6.1), or `*` alone; in a variable or a
    /// flag with commas. A slash at the end, which browsers never send, is
    /// dropped.
    static var origins: Self {
        SettingForm(type: "list of origins, or “*”") { raw in
            let texts: [String]
            switch raw {
            case .text(let text), .untyped(let text):
                texts = text.split(separator: ",").map { String($0.filter { $0 != " " }) }
            case .list(let items):
                texts = items.compactMap { if case .text(let text) = $0 { text } else { nil } }
                if texts.count != items.count {
                    return .failure("every item must be a string such as “https://app.example”")
                }
            default: return .failure("expected a list of strings, found \(raw.typeName)")
            }
            if texts == ["*"] { return .success(texts) }
            var result: [String] = []
            for text in texts {
                let origin = (text.hasSuffix("/") ? String(text.dropLast()) : text).lowercased()
                guard isOrigin(origin) else {
                    return .failure("\(quoted(text)) is not an origin such as “https://app.example:8443”")
                }
                if !result.contains(origin) { result.append(origin) }
            }
            return .success(result)
        } show: {
            $0.joined(separator: ", ")
        }
    }

    private static func isOrigin(_ text: String) -> Bool {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let scheme = parts[0].utf8.first, (0x61...0x7A).contains(scheme),
            parts[0].utf8.allSatisfy({ isWord($0) || $0 == 0x2B || $0 == 0x2E }), text.utf8.count <= 255
        else { return false }
        return !parts[1].isEmpty && parts[1].utf8.allSatisfy { isWord($0) || "[]:._".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }
}

extension SettingForm where Value == [String] {
    /// Addresses and ranges of them; in a variable or a flag with commas.
    static var ranges: Self {
        SettingForm(type: "list of addresses or ranges") { raw in
            let texts: [String]
            switch raw {
            case .text(let text), .untyped(let text):
                texts = text.split(separator: ",").map { String($0.filter { $0 != " " }) }
            case .list(let items):
                texts = items.compactMap { if case .text(let text) = $0 { text } else { nil } }
                if texts.count != items.count {
                    return .failure("every item must be a string such as “10.0.0.0/8”")
                }
            default: return .failure("expected a list of strings, found \(raw.typeName)")
            }
            var result: [String] = []
            for text in texts {
                guard let range = AddressRange(text)?.description else {
                    return .failure("\(quoted(text)) is not an address or range such as “10.0.0.0/8”")
                }
                if !result.contains(range) { result.append(range) }
            }
            return .success(result)
        } show: {
            $0.joined(separator: ", ")
        }
    }
}

extension SettingForm where Value == [ListenAddress] {
    /// A list; in a variable or a flag with commas. It is empty only where
    /// that was said: a variable without a value is a mistake.
    static var addresses: Self {
        SettingForm(type: "list of “host:port”") { raw in
            let texts: [String]
            switch raw {
            case .text("none"), .untyped("none"): return .success([])
            case .list(let items) where items.isEmpty: return .success([])
            case .text(let text): texts = [text]
            case .untyped(let text): texts = text.split(separator: ",").map(Self.trimmed)
            case .list(let items):
                texts = items.compactMap { if case .text(let text) = $0 { text } else { nil } }
                if texts.count != items.count {
                    return .failure("every item must be a string such as “127.0.0.1:8080”")
                }
            default:
                return .failure("expected a list of strings such as “127.0.0.1:8080”, found \(raw.typeName)")
            }
            var result: [ListenAddress] = []
            for text in texts {
                guard let address = ListenAddress(text) else {
                    return .failure(
                        "\(quoted(text)) is not host:port; write “127.0.0.1:8080” or “[::1]:8080”")
                }
                if address.port != 0, result.contains(address) {
                    return .failure("\(address) is there twice")
                }
                result.append(address)
            }
            return result.isEmpty ? .failure("at least one address is needed") : .success(result)
        } show: {
            $0.isEmpty ? "none" : $0.map(\.description).joined(separator: ", ")
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
