/// The members of a request body that decide something: read in one strict
/// walk, without decoding the rest.
package struct RequestFields: Sendable {
    /// Nil when absent or null: the account's default runs.
    package internal(set) var model: String?
    /// False when absent or null.
    package internal(set) var stream = false
    /// The name of a stored set of settings, which may name a model; nil when
    /// absent or null.
    package internal(set) var preset: String?
    /// The raw value of `models`, if present and not null.
    package internal(set) var models: Range<Int>?
    /// The raw value of `fallbacks` (Messages), if present and not null.
    package internal(set) var fallbacks: Range<Int>?
    /// The largest of `max_tokens`, `max_completion_tokens` and
    /// `max_output_tokens` that are present; tokens, 0 or more.
    package internal(set) var maxTokens: Int64?
    /// How many answers are wanted; 0 or more.
    package internal(set) var n: Int64?
    /// The inside of the string `session_id` or, without it,
    /// `prompt_cache_key`, as it stands in the body, escapes and all.
    package internal(set) var session: Range<Int>?
    /// The first message of `messages` or `input`, up to the end of the second
    /// if the first is an instruction: how the conversation opens.
    package internal(set) var opening: Range<Int>?
    /// Whether `user` is present and not null.
    package internal(set) var hasUser = false

    package init() {}
}

/// What a scan of a request body has come to.
package enum RequestFieldsResult: Sendable {
    case fields(RequestFields)
    /// Not to be repaired: code and name of the broken rule.
    case refused(ErrorCode, StaticString)
}

extension RequestFields {
    /// Longest name of a model that can be meant.
    static let longestModel = 1024

    /// Reads a body.
    ///
    /// - Parameters:
    ///   - body: the whole body, or its first bytes.
    ///   - complete: false when only a prefix is there. Then what stands in it
    ///     is returned, and its end is no error; a value that the end cuts
    ///     off counts as absent.
    package static func scan(_ body: UnsafeRawBufferPointer, complete: Bool) -> RequestFieldsResult {
        guard var reader = JSONWalk(body), body.count > 0 else {
            return complete ? .refused(.badBody, "empty-body") : .fields(RequestFields())
        }
        var found = RequestFields()
        var seen: UInt16 = 0
        readObject(&reader, into: &found, seen: &seen, complete: complete)
        switch reader.stop {
        case .fault(let rule): return .refused(.badBody, rule)
        case .cut where complete: return .refused(.badBody, "json-cut-off")
        case .cut, nil: return .fields(found)
        }
    }

    private static func readObject(
        _ reader: inout JSONWalk, into found: inout RequestFields, seen: inout UInt16, complete: Bool
    ) {
        if reader.base.byte(0) == 0xEF {
            _ = reader.fail("byte-order-mark")
            return
        }
        guard reader.expect(0x7B, "not-an-object") else { return }
        guard let first = reader.peek() else {
            _ = reader.cut()
            return
        }
        if first == 0x7D {
            reader.at += 1
        } else {
            repeat {
                guard let key = reader.text(), reader.expect(0x3A, "colon-missing") else { return }
                let name = Name(key, in: reader)
                if let name {
                    let bit: UInt16 = 1 << UInt16(name.rawValue)
                    if seen & bit != 0 {
                        _ = reader.fail("duplicate-field")
                        return
                    }
                    seen |= bit
                    guard found.read(name, from: &reader) else { return }
                } else if !reader.skipValue(depth: 1) {
                    return
                }
            } while reader.another(before: 0x7D)
        }
        if complete, reader.stop == nil, reader.peek() != nil { _ = reader.fail("bytes-after-json") }
    }

    /// The members that are read.
    private enum Name: UInt8 {
        case model, models, fallbacks, stream, maxTokens, maxCompletionTokens, maxOutputTokens, n, sessionID
        case promptCacheKey, user, messages, input, preset

        init?(_ key: JSONWalk.Text, in reader: JSONWalk) {
            if key.isEscaped {
                // An escaped spelling is the same name (B4-20).
                let raw = UnsafeRawBufferPointer(
                    start: reader.base + key.range.lowerBound, count: key.range.count)
                guard let plain = JSONText.decode(raw, limit: 32) else { return nil }
                let name = plain.withUnsafeBytes { bytes in
                    bytes.baseAddress.flatMap { Name($0, count: bytes.count) }
                }
                guard let name else { return nil }
                self = name
            } else {
                guard let name = Name(reader.base + key.range.lowerBound, count: key.range.count) else {
                    return nil
                }
                self = name
            }
        }

        @inline(__always)
        private init?(_ base: UnsafeRawPointer, count: Int) {
            switch count {
            case 1 where base.byte(0) == 0x6E: self = .n
            case 4 where base.matches("user", at: 0): self = .user
            case 5 where base.matches("model", at: 0): self = .model
            case 5 where base.matches("input", at: 0): self = .input
            case 6 where base.matches("models", at: 0): self = .models
            case 6 where base.matches("preset", at: 0): self = .preset
            case 6 where base.matches("stream", at: 0): self = .stream
            case 8 where base.matches("messages", at: 0): self = .messages
            case 9 where base.matches("fallbacks", at: 0): self = .fallbacks
            case 10 where base.matches("max_tokens", at: 0): self = .maxTokens
            case 10 where base.matches("session_id", at: 0): self = .sessionID
            case 16 where base.matches("prompt_cache_key", at: 0): self = .promptCacheKey
            case 17 where base.matches("max_output_tokens", at: 0): self = .maxOutputTokens
            case 21 where base.matches("max_completion_tokens", at: 0): self = .maxCompletionTokens
            default: return nil
            }
        }
    }

    /// Reads the value of a member; false when the walk has stopped.
    private mutating func read(_ name: Name, from reader: inout JSONWalk) -> Bool {
        guard let first = reader.peek() else { return reader.skipValue(depth: 1) }
        if first == 0x6E { return reader.literal("null") }
        let start = reader.at
        switch name {
        case .model:
            guard first == 0x22 else { return reader.fail("model-not-a-string") }
            guard let text = reader.text() else { return false }
            let raw = UnsafeRawBufferPointer(
                start: reader.base + text.range.lowerBound, count: text.range.count)
            model = JSONText.string(raw, isEscaped: text.isEscaped, limit: Self.longestModel)
            return model != nil || reader.fail("bad-model-name")
        case .preset:
            guard first == 0x22 else { return reader.fail("preset-not-a-string") }
            guard let text = reader.text() else { return false }
            let raw = UnsafeRawBufferPointer(
                start: reader.base + text.range.lowerBound, count: text.range.count)
            preset = JSONText.string(raw, isEscaped: text.isEscaped, limit: Self.longestModel)
            return preset != nil || reader.fail("bad-preset-name")
        case .stream:
            guard first == 0x74 || first == 0x66 else { return reader.fail("stream-not-a-boolean") }
            guard reader.literal(first == 0x74 ? "true" : "false") else { return false }
            stream = first == 0x74
            return true
        case .maxTokens, .maxCompletionTokens, .maxOutputTokens:
            guard let value = Self.integer(&reader) else { return false }
            maxTokens = max(maxTokens ?? 0, value)
            return true
        case .n:
            guard let value = Self.integer(&reader) else { return false }
            n = value
            return true
        case .models, .fallbacks:
            guard reader.skipValue(depth: 1) else { return false }
            if name == .models { models = start..<reader.at } else { fallbacks = start..<reader.at }
            return true
        case .sessionID, .promptCacheKey:
            guard reader.skipValue(depth: 1) else { return false }
            if first == 0x22, name == .sessionID || session == nil { session = start + 1..<reader.at - 1 }
            return true
        case .user:
            hasUser = true
            return reader.skipValue(depth: 1)
        case .messages, .input:
            guard first == 0x5B else { return reader.skipValue(depth: 1) }
            return readMessages(&reader)
        }
    }

    /// A number without fraction or exponent, 0 or more, that fits.
    private static func integer(_ reader: inout JSONWalk) -> Int64? {
        let first = reader.peek() ?? 0
        guard first == 0x2D || (0x30...0x39).contains(first) else {
            _ = reader.fail("limit-not-a-number")
            return nil
        }
        guard let range = reader.number() else { return nil }
        // At the very end of cut bytes the number may go on.
        if range.upperBound == reader.count {
            _ = reader.cut()
            return nil
        }
        var value: Int64 = 0
        for at in range {
            let digit = reader.base.byte(at) &- 0x30
            let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = shifted.addingReportingOverflow(Int64(digit))
            guard digit < 10, !tooLarge, !overflow else {
                _ = reader.fail("limit-not-a-whole-number")
                return nil
            }
            value = sum
        }
        return value
    }
}
