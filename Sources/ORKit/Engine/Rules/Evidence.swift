/// The words that prove a verdict, made fit to be stored and shown: one line,
/// printable, short, and without anything that could be a secret.
enum Evidence {
    static let maximumLength = 200

    static func line(_ parts: [String?]) -> String {
        let text = parts.compactMap { $0 }.map { oneLine($0) }.filter { !$0.isEmpty }.joined(separator: "; ")
        return cut(text.split(separator: " ").map { redacted(String($0)) }.joined(separator: " "))
    }

    /// The beginning of a text, on one line.
    static func part(_ text: String, atMost length: Int) -> String { cut(oneLine(text), length) }

    /// An upstream's own id of an account, if it looks like one.
    static func identifier(_ text: String) -> String? {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ isWordByte($0) }) else { return nil }
        return text
    }

    /// A provider's name, such as `Amazon Bedrock`, if it looks like one.
    static func name(_ text: String) -> String? {
        let name = line([part(text, atMost: 40)])
        return name.isEmpty ? nil : name
    }

    private static func oneLine(_ text: String) -> String {
        var line = ""
        var pending = false
        for scalar in text.unicodeScalars.prefix(1000) {
            let isPrintable =
                scalar.isASCII ? scalar.value > 0x20 && scalar.value != 0x7F : scalar.properties.isPrintable
            if isPrintable {
                if pending, !line.isEmpty { line += " " }
                pending = false
                line.unicodeScalars.append(scalar)
            } else {
                pending = true
            }
        }
        return line
    }

    private static func cut(_ text: String, _ length: Int = maximumLength) -> String {
        guard text.count > length else { return text }
        return text.prefix(length - 1) + "…"
    }

    /// Replaces runs of word characters that begin like a key or are too long
    /// to be words.
    private static func redacted(_ word: String) -> String {
        var out = ""
        var run: [UInt8] = []
        func flush() {
            out += isSuspicious(run) ? "…" : String(decoding: run, as: UTF8.self)
            run.removeAll()
        }
        for byte in word.utf8 {
            if isWordByte(byte) || byte >= 0x80 {
                run.append(byte)
            } else {
                flush()
                out.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        flush()
        return out
    }

    private static func isSuspicious(_ run: [UInt8]) -> Bool {
        let lower = run.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if ["sk-", "gw_", "sk_", "pk-"].contains(where: { lower.contains($0.utf8) }) { return true }
        return run.count >= 32 && run.allSatisfy { $0 < 0x80 } && !isWords(run)
    }

    /// Words of a vocabulary, such as `unsupported_country_region_territory`.
    private static func isWords(_ run: [UInt8]) -> Bool {
        let words = run.split { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
        return words.count > 1
            && words.allSatisfy { $0.count <= 16 && $0.allSatisfy { (0x61...0x7A).contains($0) } }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: String.UTF8View) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            false
        default: true
        }
    }
}
