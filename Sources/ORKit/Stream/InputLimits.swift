/// How much of some things a request body may hold (SE-09). Off by default,
/// and then the body is not looked at: a proxy has no opinion.
package struct InputLimits: Sendable, Hashable {
    /// Items of `messages`; 0: any number.
    package var messages = 0
    /// Bytes of `model`.
    package var model = 0
    /// Members of `metadata`.
    package var metadata = 0

    package init() {}

    package var isOn: Bool { messages > 0 || model > 0 || metadata > 0 }

    /// What is too much in it.
    ///
    /// - Parameter body: whole, and already found to be JSON.
    /// - Returns: one line with the field's name, or nil.
    package func excess(in body: UnsafeRawBufferPointer) -> String? {
        guard var reader = JSONWalk(body), reader.expect(0x7B, "not-an-object"), reader.peek() != 0x7D else {
            return nil
        }
        repeat {
            guard let key = reader.text(), reader.expect(0x3A, "colon-missing") else { return nil }
            switch Self.name(key, in: reader) {
            case "messages" where messages > 0:
                guard let count = Self.count(&reader) else { return nil }
                if count > messages { return "messages: \(count) items, at most \(messages) are allowed" }
            case "metadata" where metadata > 0:
                guard let count = Self.count(&reader) else { return nil }
                if count > metadata { return "metadata: \(count) entries, at most \(metadata) are allowed" }
            case "model" where model > 0 && reader.peek() == 0x22:
                guard let text = reader.text() else { return nil }
                if text.range.count > model {
                    return "model: \(text.range.count) bytes, at most \(model) are allowed"
                }
            default:
                guard reader.skipValue(depth: 1) else { return nil }
            }
        } while reader.another(before: 0x7D)
        return nil
    }

    /// An escaped spelling is the same name.
    private static func name(_ key: JSONWalk.Text, in reader: JSONWalk) -> String {
        let raw = UnsafeRawBufferPointer(start: reader.base + key.range.lowerBound, count: key.range.count)
        guard key.isEscaped else { return String(decoding: raw.prefix(16), as: UTF8.self) }
        return JSONText.decode(raw, limit: 32).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// How many things an array or an object holds; 0 of anything else. Nil
    /// when the walk has stopped.
    private static func count(_ reader: inout JSONWalk) -> Int? {
        guard let open = reader.peek(), open == 0x5B || open == 0x7B else {
            return reader.skipValue(depth: 1) ? 0 : nil
        }
        reader.at += 1
        if reader.peek() == open + 2 {
            reader.at += 1
            return 0
        }
        var count = 0
        repeat {
            if open == 0x7B {
                guard reader.text() != nil, reader.expect(0x3A, "colon-missing") else { return nil }
            }
            guard reader.skipValue(depth: 2) else { return nil }
            count += 1
        } while reader.another(before: open + 2)
        return reader.stop == nil ? count : nil
    }
}
