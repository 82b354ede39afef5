/// One step of a `ChunkedReader`.
package enum ChunkStep: Hashable, Sendable {
    /// Payload: this range of the bytes given.
    case data(Range<Int>)
    /// All bytes given are used up.
    case needMore
    /// The body is over; the offset stands behind its last byte.
    case end
    /// The rule that was broken; the connection is worthless.
    case refused(StaticString)

    package static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.data(let x), .data(let y)): x == y
        case (.needMore, .needMore), (.end, .end): true
        case (.refused(let x), .refused(let y)): x.description == y.description
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        if case .data(let range) = self { hasher.combine(range) }
    }
}

/// Takes the chunked coding off a body (RFC 9112, 7.1) as bytes arrive, with
/// nothing left to interpretation: CRLF only, bounded sizes, extensions and
/// trailers read, checked and dropped.
package struct ChunkedReader: Sendable {
    private enum State: Sendable {
        case size, sizeEnd
        case extensionName, extensionValueStart, extensionValue, quoted, quotedPair, quotedEnd
        case data, dataCR, dataLF
        case trailerStart, trailerName, trailerValue, trailerLF, lastLF
        case over
    }

    /// No chunk is larger: every later sum fits an `Int64`.
    private static let largest: UInt64 = 1 << 53
    private static let longestExtension = 256
    private static let longestTrailers = 8 * 1024

    private var state = State.size
    private var size: UInt64 = 0
    /// Hexadecimal digits of the size, then bytes of the name or value of an
    /// extension.
    private var seen = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    /// The name of a trailer field across calls; longer ones are not known.
    private var name: [UInt8] = []
    private var fault: StaticString?

    package init() {}

    /// Whether the body ended.
    package var isOver: Bool { state == .over }

    /// Reads on from `offset`, and moves it behind what was used.
    package mutating func next(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> ChunkStep {
        if let fault { return .refused(fault) }
        if state == .over { return .end }
        guard let base = bytes.baseAddress, offset >= 0 else { return .needMore }
        while offset < bytes.count {
            if state == .data {
                let available = bytes.count &- offset
                let taken = size > UInt64(available) ? available : Int(truncatingIfNeeded: size)
                size &-= UInt64(taken)
                if size == 0 { state = .dataCR }
                let start = offset
                offset &+= taken
                return .data(start..<offset)
            }
            let byte = base.byte(offset)
            offset &+= 1
            if let rule = take(byte) {
                fault = rule
                return .refused(rule)
            }
            if state == .over { return .end }
        }
        return .needMore
    }

    /// One byte of framing.
    @inline(__always)
    private mutating func take(_ byte: UInt8) -> StaticString? {
        switch state {
        case .size:
            if let digit = ASCII.hexValue(byte) {
                seen += 1
                guard seen <= 16 else { return "chunk-size-too-long" }
                size = size &<< 4 | UInt64(digit)
                return size > Self.largest ? "chunk-too-large" : nil
            }
            guard seen > 0 else { return "bad-chunk-size" }
            seen = 0
            switch byte {
            case ASCII.cr: state = .sizeEnd
            case 0x3B:
                state = .extensionName
                extensionBytes = 0
            case ASCII.lf: return "bare-lf"
            default: return "bad-chunk-size"
            }
        case .extensionName, .extensionValueStart, .extensionValue, .quoted, .quotedPair, .quotedEnd:
            return takeExtension(byte)
        case .sizeEnd:
            guard byte == ASCII.lf else { return "bare-cr" }
            seen = 0
            state = size == 0 ? .trailerStart : .data
        case .dataCR:
            guard byte == ASCII.cr else { return "chunk-not-ended" }
            state = .dataLF
        case .dataLF:
            guard byte == ASCII.lf else { return "bare-cr" }
            state = .size
        case .lastLF:
            guard byte == ASCII.lf else { return "bare-cr" }
            state = .over
        case .trailerStart, .trailerName, .trailerValue, .trailerLF: return takeTrailer(byte)
        case .data, .over: break
        }
        return nil
    }

    /// `;name`, `;name=value` or `;name="value"`, without blanks: whoever
    /// looks for the end of the line in another way finds the same one.
    private mutating func takeExtension(_ byte: UInt8) -> StaticString? {
        if byte != ASCII.cr { extensionBytes += 1 }
        guard extensionBytes <= Self.longestExtension else { return "chunk-extension-too-long" }
        seen += 1
        switch state {
        case .extensionName, .extensionValue:
            if ASCII.isToken(byte) { return nil }
            guard seen > 1 else { return Self.extensionFault(byte) }
            if byte == 0x3D, state == .extensionName {
                state = .extensionValueStart
                return nil
            }
            return endExtension(byte)
        case .extensionValueStart:
            if byte == 0x22 {
                state = .quoted
                return nil
            }
            seen = 1
            state = .extensionValue
            return ASCII.isToken(byte) ? nil : Self.extensionFault(byte)
        case .quoted:
            if byte == 0x22 {
                state = .quotedEnd
            } else if byte == 0x5C {
                state = .quotedPair
            } else {
                return Self.quotedFault(byte)
            }
        case .quotedPair:
            state = .quoted
            return Self.quotedFault(byte)
        default: return endExtension(byte)
        }
        return nil
    }

    private mutating func endExtension(_ byte: UInt8) -> StaticString? {
        switch byte {
        case ASCII.cr: state = .sizeEnd
        case 0x3B:
            state = .extensionName
            seen = 0
        default: return Self.extensionFault(byte)
        }
        return nil
    }

    private static func extensionFault(_ byte: UInt8) -> StaticString {
        byte == ASCII.lf ? "bare-lf" : "bad-chunk-extension"
    }

    /// ASCII only: what is beyond it is read in more than one way.
    private static func quotedFault(_ byte: UInt8) -> StaticString? {
        if byte == ASCII.tab || (ASCII.space...0x7E).contains(byte) { return nil }
        return byte == ASCII.lf ? "bare-lf" : byte == ASCII.cr ? "bare-cr" : "bad-chunk-extension"
    }

    private mutating func takeTrailer(_ byte: UInt8) -> StaticString? {
        trailerBytes += 1
        guard trailerBytes <= Self.longestTrailers else { return "trailers-too-long" }
        switch state {
        case .trailerStart:
            if byte == ASCII.cr {
                state = .lastLF
                return nil
            }
            if byte == ASCII.lf { return "bare-lf" }
            name.removeAll(keepingCapacity: true)
            state = .trailerName
            return takeName(byte)
        case .trailerName: return takeName(byte)
        case .trailerValue:
            if byte == ASCII.cr {
                state = .trailerLF
                return nil
            }
            return Self.textFault(byte)
        default:
            guard byte == ASCII.lf else { return "bare-cr" }
            state = .trailerStart
            return nil
        }
    }

    private mutating func takeName(_ byte: UInt8) -> StaticString? {
        guard byte == 0x3A else {
            guard ASCII.isToken(byte), byte != 0x5F else { return "bad-trailer-name" }
            if name.count <= 64 { name.append(byte) }
            return nil
        }
        guard !name.isEmpty else { return "bad-trailer-name" }
        let kind = name.withUnsafeBytes { FieldKind.of($0) }

        let endsHere = [.connection, .te, .trailer, .upgrade].contains(kind)
        if endsHere || FieldKind.mayNotBeRemovedOrLate(kind) { return "protected-field-in-trailer" }
        state = .trailerValue
        return nil
    }

    private static func textFault(_ byte: UInt8) -> StaticString? {
        if byte == ASCII.lf { return "bare-lf" }
        return byte == ASCII.tab || (byte >= ASCII.space && byte != 0x7F) ? nil : "control-byte"
    }
}
