/// Decodes the inside of a JSON string: the few that ork reads.
enum JSONText {
    /// The bytes that the escapes stand for.
    ///
    /// - Parameters:
    ///   - raw: between the quotes; escapes already known to be well formed,
    ///     or else the result is nil.
    ///   - limit: longest result that is of interest.
    /// - Returns: nil when it is longer than `limit`, or names half of a
    ///   surrogate pair.
    static func decode(_ raw: UnsafeRawBufferPointer, limit: Int) -> [UInt8]? {
        var out: [UInt8] = []
        var at = 0
        while at < raw.count {
            guard out.count < limit else { return nil }
            let byte = raw[at]
            at += 1
            guard byte == 0x5C else {
                out.append(byte)
                continue
            }
            guard at < raw.count else { return nil }
            let kind = raw[at]
            at += 1
            switch kind {
            case 0x22, 0x5C, 0x2F: out.append(kind)
            case 0x62: out.append(0x08)
            case 0x66: out.append(0x0C)
            case 0x6E: out.append(ASCII.lf)
            case 0x72: out.append(ASCII.cr)
            case 0x74: out.append(ASCII.tab)
            case 0x75:
                guard let scalar = scalar(raw, at: &at) else { return nil }
                out.append(contentsOf: String(Character(scalar)).utf8)
            default: return nil
            }
        }
        return out
    }

    /// As `decode`, as text.
    ///
    /// - Returns: nil also when the bytes are not UTF-8.
    static func string(_ raw: UnsafeRawBufferPointer, isEscaped: Bool, limit: Int) -> String? {
        if isEscaped { return decode(raw, limit: limit).flatMap { String(validating: $0, as: UTF8.self) } }
        guard raw.count <= limit else { return nil }
        // Model names are ASCII as a rule, and ASCII needs no repair: decoding is then validating.
        let isASCII = raw.allSatisfy { $0 < 0x80 }
        return isASCII ? String(decoding: raw, as: UTF8.self) : String(validating: raw, as: UTF8.self)
    }

    private static func scalar(_ raw: UnsafeRawBufferPointer, at: inout Int) -> Unicode.Scalar? {
        guard let high = unit(raw, at: &at) else { return nil }
        guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
        guard at + 1 < raw.count, raw[at] == 0x5C, raw[at + 1] == 0x75 else { return nil }
        at += 2
        guard let low = unit(raw, at: &at), (0xDC00..<0xE000).contains(low) else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    private static func unit(_ raw: UnsafeRawBufferPointer, at: inout Int) -> UInt32? {
        guard at + 4 <= raw.count else { return nil }
        var value: UInt32 = 0
        for i in at..<at + 4 {
            guard let digit = ASCII.hexValue(raw[i]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }
}
