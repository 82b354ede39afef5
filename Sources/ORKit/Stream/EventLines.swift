/// Cuts a `text/event-stream` into its fields as bytes arrive (WHATWG HTML,
/// 9.2): lines end in LF, CRLF or CR, an empty line ends the event. Knows
/// nothing of what the data means, and keeps only an event's name.
struct EventLines: Sendable {
    enum Step: Sendable {
        /// All bytes are used up.
        case needMore
        /// A piece of the data of the event.
        case data(from: Int, to: Int)
        /// A second line of data begins: a line feed stands between.
        case dataBreak
        /// The line `event:` has ended; see `name`.
        case named
        /// An empty line has ended: where it began, and where it is over.
        case end(blank: Int, after: Int)
    }

    private enum State: UInt8, Sendable {
        case lineStart, fieldName, valueStart, data, event, skip
    }

    private static let longestName = 32

    private var state = State.lineStart
    /// The line before ended in CR: a LF that follows belongs to it.
    private(set) var isAfterCR = false
    /// A CR was followed by something else: CR alone ends lines here.
    private var hasBareCR = false
    /// First bytes of a field's name, the last one lowest, and how many.
    private var fieldName: UInt64 = 0
    private var fieldCount = 0
    private var field = State.skip
    /// Value of `event:`; empty when there is none.
    private(set) var name: [UInt8] = []
    private(set) var dataLines = 0
    private(set) var hasComments = false
    private var hasFields = false
    private var endsAtEvent = true
    /// Where the first field line of the event began in these bytes; 0 when
    /// it did in earlier ones.
    private(set) var eventStart = 0

    /// Everything so far ends exactly where an event ends.
    var isAtBoundary: Bool { endsAtEvent && (!isAfterCR || hasBareCR) }

    /// To be called before the bytes that come next.
    mutating func begin() { eventStart = 0 }

    @inline(__always)
    mutating func next(_ base: UnsafeRawPointer, at: inout Int, to: Int) -> Step {
        while at < to {
            let byte = base.byte(at)
            switch state {
            case .lineStart:
                if isAfterCR {
                    isAfterCR = false
                    if byte == ASCII.lf {
                        at &+= 1
                        continue
                    }
                    hasBareCR = true
                }
                if byte == ASCII.lf || byte == ASCII.cr { return endEvent(base, at: &at, to: to) }
                beginLine(base, at: &at, to: to, first: byte)
            case .fieldName: continueName(byte, at: &at)
            case .valueStart:
                if byte == ASCII.space { at &+= 1 }
                state = field
                if state == .data {
                    dataLines &+= 1
                    if dataLines > 1 { return .dataBreak }
                } else if state == .event {
                    name.removeAll(keepingCapacity: true)
                }
            case .data:
                let start = at
                at = base.firstLineEnd(from: at, to: to)
                if at > start { return .data(from: start, to: at) }
                endLine(base, at: &at, to: to)
            case .event:
                let start = at
                at = base.firstLineEnd(from: at, to: to)
                keepName(base, from: start, to: at)
                guard at < to else { return .needMore }
                endLine(base, at: &at, to: to)
                return .named
            case .skip:
                at = base.firstLineEnd(from: at, to: to)
                guard at < to else { return .needMore }
                endLine(base, at: &at, to: to)
            }
        }
        return .needMore
    }

    @inline(__always)
    private mutating func beginLine(_ base: UnsafeRawPointer, at: inout Int, to: Int, first: UInt8) {
        endsAtEvent = false
        if first == 0x3A {
            hasComments = true
            state = .skip
            at &+= 1
            return
        }
        if !hasFields {
            hasFields = true
            eventStart = at
        }
        if at &+ 5 <= to, base.matches("data:", at: at) {
            field = .data
            state = .valueStart
            at &+= 5
        } else {
            fieldName = 0
            fieldCount = 0
            state = .fieldName
        }
    }

    /// A name that comes in pieces, or is not `data`.
    private mutating func continueName(_ byte: UInt8, at: inout Int) {
        let isEnd = byte == ASCII.lf || byte == ASCII.cr
        if byte == 0x3A || isEnd {
            switch (fieldCount, fieldName) {
            case (4, 0x64_61_74_61): field = .data
            case (5, 0x65_76_65_6E_74): field = .event
            default: field = .skip
            }
            // A name alone has an empty value: the line end is met next.
            state = .valueStart
            if isEnd { return }
        } else {
            fieldName = fieldName << 8 | UInt64(byte)
            fieldCount = min(fieldCount + 1, 9)
        }
        at &+= 1
    }

    @inline(__always)
    private mutating func endLine(_ base: UnsafeRawPointer, at: inout Int, to: Int) {
        guard at < to else { return }
        isAfterCR = base.byte(at) == ASCII.cr
        at &+= 1
        if isAfterCR, at < to, base.byte(at) == ASCII.lf {
            isAfterCR = false
            at &+= 1
        }
        state = .lineStart
    }

    @inline(__always)
    private mutating func endEvent(_ base: UnsafeRawPointer, at: inout Int, to: Int) -> Step {
        let blank = at
        endLine(base, at: &at, to: to)
        endsAtEvent = true
        hasFields = false
        return .end(blank: blank, after: at)
    }

    private mutating func keepName(_ base: UnsafeRawPointer, from: Int, to: Int) {
        let room = Self.longestName &+ 1 &- name.count
        let taken = min(max(room, 0), to &- from)
        guard taken > 0 else { return }
        name.append(contentsOf: UnsafeRawBufferPointer(start: base + from, count: taken))
    }

    /// The event has been dealt with: forget its name and data.
    @inline(__always)
    mutating func clearEvent() {
        dataLines = 0
        if !name.isEmpty { name.removeAll(keepingCapacity: true) }
    }
}

extension UnsafeRawPointer {
    /// Offset of the first LF or CR in `from..<to`, or `to`.
    @inline(__always)
    func firstLineEnd(from: Int, to: Int) -> Int {
        var at = from
        let lf = SIMD16<UInt8>(repeating: ASCII.lf)
        let cr = SIMD16<UInt8>(repeating: ASCII.cr)
        while at &+ 16 <= to {
            let bytes = vector(at)
            let hit = (bytes .== lf) .| (bytes .== cr)
            if !hit.isAllFalse { return at &+ hit.firstTrueLane }
            at &+= 16
        }
        while at < to, byte(at) != ASCII.lf, byte(at) != ASCII.cr { at &+= 1 }
        return at
    }
}
