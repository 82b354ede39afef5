// How a conversation opens, noted on the way through its messages.

extension RequestFields {
    /// Walks through an array of messages; false when the walk has stopped.
    mutating func readMessages(_ reader: inout JSONWalk) -> Bool {
        reader.at += 1
        guard let first = reader.peek() else { return reader.cut() }
        if first == 0x5D {
            reader.at += 1
            return true
        }
        // What is no object is no message: texts to be embedded, for example.
        var looks = first == 0x7B ? 2 : 0
        let start = reader.at
        repeat {
            guard looks > 0, reader.peek() == 0x7B else {
                looks = 0
                guard reader.skipValue(depth: 2) else { return false }
                continue
            }
            guard let isInstruction = Self.skipMessage(&reader) else { return false }
            looks = looks == 2 && isInstruction ? 1 : 0
            opening = start..<reader.at
        } while reader.another(before: 0x5D)
        return reader.stop == nil
    }

    /// Skips one message.
    ///
    /// - Returns: whether its role is `system` or `developer`; nil when the
    ///   walk has stopped.
    private static func skipMessage(_ reader: inout JSONWalk) -> Bool? {
        reader.at += 1
        guard let first = reader.peek() else {
            _ = reader.cut()
            return nil
        }
        var isInstruction = false
        if first == 0x7D {
            reader.at += 1
            return isInstruction
        }
        repeat {
            guard let key = reader.text(), reader.expect(0x3A, "colon-missing") else { return nil }
            if key.range.count == 4, reader.base.matches("role", at: key.range.lowerBound),
                reader.peek() == 0x22
            {
                guard let role = reader.text() else { return nil }
                isInstruction =
                    role.range.count == 6 && reader.base.matches("system", at: role.range.lowerBound)
                    || role.range.count == 9 && reader.base.matches("developer", at: role.range.lowerBound)
            } else if !reader.skipValue(depth: 3) {
                return nil
            }
        } while reader.another(before: 0x7D)
        return reader.stop == nil ? isInstruction : nil
    }
}
