import FoundationEssentials

/// Finds a field that an object of a JSON text holds twice. Decoders keep one
/// of the two in silence, and nobody can tell which one was meant.
///
/// For a text that is known to be valid JSON; any other gives no trap and no
/// useful answer.
struct RepeatedField {
    private let bytes: [UInt8]
    private var place = 0
    /// The names seen so far in each object that is open; nil for an array.
    private var open: [Set<String>?] = []

    /// - Returns: the name of the first one.
    static func first(in bytes: [UInt8]) -> String? {
        var search = RepeatedField(bytes: bytes)
        return search.run()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() -> String? {
        var isName = false
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "{"):
                open.append([])
                isName = true
            case UInt8(ascii: "["):
                open.append(nil)
                isName = false
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                _ = open.popLast()
                isName = false
            case UInt8(ascii: ","): isName = open.last.map { $0 != nil } ?? false
            case UInt8(ascii: "\""):
                let text = string()
                if isName, let repeated = note(text) { return repeated }
                isName = false
                continue
            default: break
            }
            place += 1
        }
        return nil
    }

    /// Moves behind the string that begins here.
    ///
    /// - Returns: it as written, its quotes included.
    private mutating func string() -> ArraySlice<UInt8> {
        let start = place
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place = min(place + 1, bytes.count)
        return bytes[start..<place]
    }

    /// - Returns: the name when the innermost object has it already.
    private mutating func note(_ text: ArraySlice<UInt8>) -> String? {
        // The same name may be written in several ways: `"a"` is `"\u0061"`.
        let name =
            text.contains(UInt8(ascii: "\\"))
            ? (try? JSONDecoder().decode(String.self, from: Data(text))) ?? ""
            : String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        guard let innermost = open.indices.last else { return nil }
        return open[innermost]?.insert(name).inserted == false ? name : nil
    }
}
