extension String {
    /// What follows the first place of a phrase; nil where it does not occur.
    func remainder(after phrase: String) -> String? {
        let bytes = Array(utf8)
        let wanted = Array(phrase.utf8)
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count) where bytes[start...].starts(with: wanted) {
            return String(decoding: bytes[(start + wanted.count)...], as: UTF8.self)
        }
        return nil
    }

    /// The whole number that follows a phrase, or a phrase and a later part.
    func number(after phrase: String, part: String? = nil) -> Int64? {
        guard var rest = remainder(after: phrase) else { return nil }
        if let part {
            guard let later = rest.remainder(after: part) else { return nil }
            rest = later
        }
        let sign = rest.hasPrefix("-") ? "-" : ""
        let digits = rest.dropFirst(sign.count).prefix { $0.isASCII && ($0.isNumber || $0 == ",") }
        return Int64(sign + digits.filter { $0 != "," })
    }
}
