// The parts of a request head that only requests have: the request line,
// `Host` and `Expect`.

extension RequestHead {
    /// Longest method name that is waited for.
    private static let longestMethod = 24

    /// Reads the request line `from..<to`.
    @inline(__always)
    mutating func readRequestLine(_ base: UnsafeRawPointer, from: Int, to: Int) -> HeadRefusal? {
        if from == to { return HeadRefusal(.badRequest, "empty-line-before-request") }
        var at = from
        while at < to, base.byte(at) &- 0x41 < 26 { at &+= 1 }
        guard at < to, base.byte(at) == ASCII.space, at > from else {
            return Self.badMethod(base, from: from, to: to)
        }
        let methodEnd = at
        let start = at &+ 1
        at = base.firstIndexOutside(0x21, from: start, to: to)
        guard at < to else { return HeadRefusal(.badRequest, "no-version") }
        guard base.byte(at) == ASCII.space else {
            return HeadRefusal(.badRequest, Self.badTargetByte(base.byte(at)))
        }
        if let refusal = readVersion(base, from: at &+ 1, to: to) { return refusal }
        guard let method = Self.method(base, from: from, to: methodEnd) else {
            return HeadRefusal(.methodNotAllowed, "unknown-method")
        }
        guard at > start, base.byte(start) == 0x2F else {
            return HeadRefusal(.badRequest, "target-not-origin-form")
        }
        guard base.firstIndex(of: 0x23, from: start, to: at) == at else {
            return HeadRefusal(.badRequest, "fragment-in-target")
        }
        let question = base.firstIndex(of: 0x3F, from: start, to: at)
        self.method = method
        target = Span(start, at)
        path = Span(start, question)
        query = question < at ? Span(question &+ 1, at) : nil
        return nil
    }

    @inline(__always)
    private mutating func readVersion(_ base: UnsafeRawPointer, from: Int, to: Int) -> HeadRefusal? {
        guard to &- from == 8, base.matches("HTTP/", at: from), base.byte(from &+ 6) == 0x2E,
            base.byte(from &+ 5) &- 0x30 < 10, base.byte(from &+ 7) &- 0x30 < 10
        else { return HeadRefusal(.badRequest, "bad-version") }
        let minor = base.byte(from &+ 7) &- 0x30
        guard base.byte(from &+ 5) == 0x31, minor < 2 else {
            return HeadRefusal(.versionNotSupported, "unsupported-version")
        }
        minorVersion = minor
        return nil
    }

    @inline(__always)
    private static func method(_ base: UnsafeRawPointer, from: Int, to: Int) -> RequestMethod? {
        switch to &- from {
        case 3:
            if base.matches("GET", at: from) { return .get }
            if base.matches("PUT", at: from) { return .put }
        case 4:
            if base.matches("POST", at: from) { return .post }
            if base.matches("HEAD", at: from) { return .head }
        case 5: if base.matches("PATCH", at: from) { return .patch }
        case 6: if base.matches("DELETE", at: from) { return .delete }
        case 7: if base.matches("OPTIONS", at: from) { return .options }
        default: break
        }
        return nil
    }

    /// Tells a method that is merely unknown from one that is none.
    private static func badMethod(_ base: UnsafeRawPointer, from: Int, to: Int) -> HeadRefusal {
        var at = from
        var isUpper = true
        while at < to, ASCII.isToken(base.byte(at)) {
            if base.byte(at) &- 0x61 < 26 { isUpper = false }
            at &+= 1
        }
        guard at > from, at < to, base.byte(at) == ASCII.space else {
            return HeadRefusal(.badRequest, "bad-method")
        }
        return isUpper
            ? HeadRefusal(.methodNotAllowed, "unknown-method") : HeadRefusal(.badRequest, "lower-case-method")
    }

    private static func badTargetByte(_ byte: UInt8) -> StaticString {
        byte >= 0x80 ? "non-ascii-target" : "control-byte-in-target"
    }

    /// What a request line that is not whole yet can never become: no more is
    /// waited for (a TLS greeting, an empty line, noise).
    static func earlyFault(_ base: UnsafeRawPointer, count: Int) -> HeadRefusal? {
        let stop = min(count, longestMethod)
        for at in 0..<stop {
            let byte = base.byte(at)
            if byte == ASCII.space { return at == 0 ? HeadRefusal(.badRequest, "bad-method") : nil }
            guard ASCII.isToken(byte) else {
                let isEmptyLine = at == 0 && byte == ASCII.cr
                return HeadRefusal(.badRequest, isEmptyLine ? "empty-line-before-request" : "bad-method")
            }
        }
        return stop == longestMethod ? HeadRefusal(.badRequest, "bad-method") : nil
    }

    /// Exactly one `Host` in 1.1, at most one in 1.0; a host and perhaps a
    /// port, nothing else.
    @inline(__always)
    mutating func readHost(_ base: UnsafeRawPointer, repeated: UInt64) -> HeadRefusal? {
        if repeated & FieldKind.host.bit != 0 { return HeadRefusal(.badRequest, "two-hosts") }
        guard let field = first(.host) else {
            return minorVersion == 1 ? HeadRefusal(.badRequest, "no-host") : nil
        }
        let range = field.value.range
        if range.isEmpty { return HeadRefusal(.badRequest, "empty-host") }
        for at in range {
            let byte = base.byte(at)
            if byte &- 0x30 < 11 || (byte | 0x20) &- 0x61 < 26 { continue }  // digits, colon, letters
            switch byte {
            case 0x2E, 0x2D, 0x5F, 0x5B, 0x5D: continue  // . - _ [ ]
            default: return HeadRefusal(.badRequest, "bad-host")
            }
        }
        host = field.value
        return nil
    }

    /// `100-continue` or nothing; an HTTP/1.0 caller cannot mean it
    /// (RFC 9110, 10.1.1).
    mutating func readExpect(_ base: UnsafeRawPointer, repeated: UInt64) -> HeadRefusal? {
        guard let field = first(.expect), minorVersion == 1 else { return nil }
        let range = field.value.range
        let isKnown = range.count == 12 && base.matchesFolded("100-continue", at: range.lowerBound)
        guard isKnown, repeated & FieldKind.expect.bit == 0 else {
            return HeadRefusal(.expectationFailed, "unknown-expectation")
        }
        switch framing {
        case .none, .length(0): expectsContinue = false
        default: expectsContinue = true
        }
        return nil
    }
}
