/// The field lines of a head, request or response: their syntax, and the
/// fields that frame the message.
///
/// Strict as reliability.md F7 demands: a line that two parsers could read
/// differently is refused, never repaired.
struct FieldLines: Sendable {
    var fields: [Field] = []
    /// Kinds seen once or more, and twice or more.
    var kinds: UInt64 = 0
    var repeated: UInt64 = 0
    var connectionNamed: [Span] = []
    var closes = false
    var keepsAlive = false
    var length: Int64?
    var isChunked = false

    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        connectionNamed.removeAll(keepingCapacity: true)
        kinds = 0
        repeated = 0
        closes = false
        keepsAlive = false
        length = nil
        isChunked = false
    }

    /// Takes the line `from..<to`.
    ///
    /// - Parameter allowsOpaque: bytes beyond ASCII may stand in the value
    ///   (upstream responses only).
    /// - Returns: the rule that the line breaks, or nil.
    @inline(__always)
    mutating func take(_ base: UnsafeRawPointer, from: Int, to: Int, allowsOpaque: Bool) -> StaticString? {
        var colon = base.firstIndexOutsideName(from: from, to: to)
        if colon == to || base.byte(colon) != 0x3A {
            if let rule = Self.unusualName(base, from: from, to: to, colon: &colon) { return rule }
        }
        guard colon > from else { return "empty-field-name" }
        var start = colon &+ 1
        while start < to, base.byte(start) == ASCII.space || base.byte(start) == ASCII.tab { start &+= 1 }
        var text = base.firstIndexOutside(ASCII.space, from: start, to: to)
        while text < to {
            let byte = base.byte(text)
            guard byte == ASCII.tab || (allowsOpaque && byte >= 0x80) else { return Self.badByte(byte) }
            text = base.firstIndexOutside(ASCII.space, from: text &+ 1, to: to)
        }
        var end = to
        while end > start, base.byte(end &- 1) == ASCII.space || base.byte(end &- 1) == ASCII.tab {
            end &-= 1
        }
        let kind = FieldKind.of(base + from, count: colon &- from)
        take(Field(name: Span(from, colon), value: Span(start, end), kind: kind))
        return nil
    }

    /// Takes the lines with which a head begins, read before.
    mutating func take(_ beginning: ArraySlice<Field>) {
        fields.append(contentsOf: beginning)
        for field in beginning { note(field.kind) }
    }

    /// Takes a line that is read.
    @inline(__always)
    mutating func take(_ field: Field) {
        note(field.kind)
        fields.append(field)
    }

    @inline(__always)
    private mutating func note(_ kind: FieldKind) {
        repeated |= kinds & kind.bit
        kinds |= kind.bit
    }

    /// A name that is not only letters, digits and `-`: finds its colon.
    @inline(never)
    private static func unusualName(
        _ base: UnsafeRawPointer, from: Int, to: Int, colon: inout Int
    ) -> StaticString? {
        let first = base.byte(from)
        if first == ASCII.space || first == ASCII.tab { return "folded-line" }
        while colon < to, base.byte(colon) != 0x3A {
            let byte = base.byte(colon)
            if byte == 0x5F { return "underscore-in-field-name" }
            if byte == ASCII.space || byte == ASCII.tab { return "space-before-colon" }
            guard ASCII.isToken(byte) else { return byte == ASCII.cr ? "bare-cr" : "bad-field-name" }
            colon &+= 1
        }
        return colon == to ? "field-without-colon" : nil
    }

    static func badByte(_ byte: UInt8) -> StaticString {
        switch byte {
        case ASCII.cr: "bare-cr"
        case 0: "nul-byte"
        case 0x80...: "non-ascii-byte"
        default: "control-byte"
        }
    }

    /// Reads what the fields say about framing and the connection. Called
    /// once, at the empty line.
    ///
    /// - Returns: the rule that they break, or nil.
    mutating func interpret(_ base: UnsafeRawPointer, minorVersion: UInt8) -> StaticString? {
        let framing = FieldKind.contentLength.bit | FieldKind.transferEncoding.bit
        if kinds & framing == framing { return "length-and-transfer-encoding" }
        if repeated & FieldKind.contentLength.bit != 0 { return "two-content-lengths" }
        if repeated & FieldKind.transferEncoding.bit != 0 { return "two-transfer-encodings" }
        guard kinds & (framing | FieldKind.connection.bit) != 0 else { return nil }
        // By place: an iterator would count the array once more.
        for place in fields.indices {
            let field = fields[place]
            let from = Int(field.value.start)
            let to = from &+ Int(field.value.count)
            switch field.kind {
            case .contentLength:
                guard let value = Self.length(base, from: from, to: to), Self.endsPlainly(base, at: to)
                else { return "bad-content-length" }
                length = value
            case .transferEncoding:
                guard minorVersion == 1 else { return "transfer-encoding-in-1.0" }
                guard to &- from == 7, base.matchesFolded("chunked", at: from),
                    Self.endsPlainly(base, at: to)
                else { return "unknown-transfer-encoding" }
                isChunked = true
            case .connection:
                if let rule = connection(base, from: from, to: to) { return rule }
            default: break
            }
        }
        return nil
    }

    /// Whether only spaces follow a value up to the end of its line. A tab
    /// there is part of the value for llhttp: it then frames in another way,
    /// or refuses.
    private static func endsPlainly(_ base: UnsafeRawPointer, at end: Int) -> Bool {
        var at = end
        while base.byte(at) == ASCII.space { at &+= 1 }
        return base.byte(at) == ASCII.cr
    }

    /// 1 to 18 digits and nothing else; more could not be a real length.
    private static func length(_ base: UnsafeRawPointer, from: Int, to: Int) -> Int64? {
        guard (1...18).contains(to &- from) else { return nil }
        var value: Int64 = 0
        for at in from..<to {
            let digit = base.byte(at) &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// The comma list of `Connection`.
    private mutating func connection(_ base: UnsafeRawPointer, from: Int, to: Int) -> StaticString? {
        var at = from
        while at < to {
            let comma = base.firstIndex(of: 0x2C, from: at, to: to)
            var start = at
            var end = comma
            while start < end, base.byte(start) == ASCII.space || base.byte(start) == ASCII.tab {
                start &+= 1
            }
            while end > start, base.byte(end &- 1) == ASCII.space || base.byte(end &- 1) == ASCII.tab {
                end &-= 1
            }
            at = comma &+ 1
            guard start < end else { continue }
            for i in start..<end where !ASCII.isToken(base.byte(i)) { return "bad-connection-option" }
            let option = UnsafeRawBufferPointer(start: base + start, count: end &- start)
            if option.isFolded("close") {
                closes = true
            } else if option.isFolded("keep-alive") {
                keepsAlive = true
            } else {
                let kind = FieldKind.of(option)
                if kind == .upgrade { return "upgrade" }
                if FieldKind.mayNotBeRemovedOrLate(kind) { return "connection-names-protected-field" }
                connectionNamed.append(Span(start, end))
            }
        }
        return nil
    }

    /// Whether the connection lives after this message, framing apart.
    func persists(minorVersion: UInt8) -> Bool { !closes && (minorVersion == 1 || keepsAlive) }
}
