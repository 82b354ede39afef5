import FoundationEssentials
internal import ORKit

/// Results as JSON: fields in the order of their names, no escaped slashes,
/// and no character that could act on a terminal.
enum JSONOutput {
    /// One document over several lines, with its last newline.
    static func document(_ value: some Encodable) throws -> String { try text(value, [.prettyPrinted]) }

    /// One object on one line, with its newline.
    static func line(_ value: some Encodable) throws -> String { try text(value, []) }

    private static func text(_ value: some Encodable, _ more: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = more.union([.sortedKeys, .withoutEscapingSlashes])
        guard let data = try? encoder.encode(value) else {
            throw CodedError(.internalError, "a result could not be written as JSON")
        }
        return harmless(String(decoding: data, as: UTF8.self)) + "\n"
    }

    /// The encoder escapes what JSON demands; these characters stand inside
    /// strings too and may be escaped everywhere. Line feeds are layout.
    private static func harmless(_ json: String) -> String {
        guard json.utf8.contains(where: { $0 >= 0x7F }) else { return json }
        var result = ""
        for scalar in json.unicodeScalars {
            if scalar != "\n", Escaped.isDangerous(scalar) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
