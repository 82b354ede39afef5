/// Offsets in the bytes just fed that the relay must heed.
package struct AnswerMarks: Hashable, Sendable {
    /// From here on everything is held back until the request is settled
    /// (ruling 2). Given once per answer; later bytes follow the held ones.
    /// When the place that should be held began in an earlier feed, this is 0:
    /// what is held then still contains the end.
    package var tail: Int?
    /// From here on everything is dropped: the trailer that OpenRouter puts
    /// after a Messages stream (openrouter-api.md 4.5). Given again, as 0, for
    /// every later feed.
    package var cut: Int?

    package init() {}
}

/// Watches an answer while its bytes pass: what it cost, whether it failed,
/// whether it came to its end. Copies nothing but a token cut in two.
///
/// `usage` counts only where the dialect puts it; the same text inside
/// strings or other objects never does.
package struct AnswerScanner: Sendable {
    private let format: AnswerFormat
    private let skin: Skin
    private var lines = EventLines()
    private var watch: JSONWatch
    private var stated = StatedUsage()
    /// How much of `[DONE]` the data of this event has matched; -1 when it
    /// is something else.
    private var doneMatch = 0
    private var hasTail = false
    private var isCutting = false
    private var isFinished = false
    /// Bytes of a JSON document so far.
    private var documentBytes = 0

    /// What the answer cost, as last stated. Stored, as is `generation`:
    /// reading them must not copy the scanner.
    package private(set) var usage: Usage?
    /// The upstream's id of the answer, `gen-…`.
    package private(set) var generation: String?
    /// What the beginning of a JSON answer says about whether it may go out
    /// (ruling 38). Of a stream, `FirstEvent` says it.
    package private(set) var beginning = FirstEventVerdict.undecided
    /// The usage found is the last word, not the one at a stream's start.
    package private(set) var usageIsFinal = false
    /// The answer came to its proper end: `[DONE]`, a finish reason,
    /// `message_stop`, `response.completed` (incomplete, failed), a complete
    /// JSON value. Always true where nothing can be known.
    package private(set) var isTerminated: Bool
    /// Events of a stream that had something in them.
    package private(set) var events: Int64 = 0
    /// The answer says that it failed, under a status of 200.
    package private(set) var inBandError = false

    package init(format: AnswerFormat, skin: Skin) {
        self.format = format
        self.skin = skin
        watch = JSONWatch(nesting: Self.nesting(format, skin))
        isTerminated = format == .opaque
    }

    private static func nesting(_ format: AnswerFormat, _ skin: Skin) -> Nesting {
        guard format == .sse else { return .flat }
        switch skin {
        case .responses: return .response
        case .messages: return .message
        case .other: return .any
        default: return .flat
        }
    }

    /// Everything fed so far ends exactly where an event ends: a comment may
    /// be put here.
    package var atEventBoundary: Bool { format == .sse && lines.isAtBoundary }
    package var sawUpstreamComment: Bool { lines.hasComments }

    /// A stream that has said its own end, or that it failed: whatever becomes
    /// of its framing, nothing of it is missing.
    package var streamIsOver: Bool { format == .sse && (isTerminated || inBandError) }

    /// Looks at the next bytes of the body.
    package mutating func feed(_ bytes: UnsafeRawBufferPointer) -> AnswerMarks {
        var marks = AnswerMarks()
        guard let base = bytes.baseAddress, bytes.count > 0 else { return marks }
        switch format {
        case .opaque: break
        case .json: feedJSON(base, bytes.count, &marks)
        case .sse: feedEvents(base, bytes.count, &marks)
        }
        if generation == nil, !watch.seen.generation.isEmpty {
            generation = String(validating: watch.seen.generation, as: UTF8.self)
        }
        return marks
    }

    /// The body is over.
    package mutating func finish() {
        guard !isFinished else { return }
        isFinished = true
        watch.finish()
        if format == .json {
            noteDocument()
        } else if format == .sse, !lines.isAtBoundary {
            // An event without its empty line: nobody will dispatch it, but it was sent.
            var ignored = AnswerMarks()
            noteEvent(blank: 0, after: 0, &ignored)
        }
    }

    // One JSON document.

    private mutating func feedJSON(_ base: UnsafeRawPointer, _ count: Int, _ marks: inout AnswerMarks) {
        guard !watch.isDone else { return }
        let end = watch.feed(base, from: 0, to: count)
        documentBytes += end
        judgeBeginning()
        guard watch.isDone else { return }
        noteDocument()
        if !hasTail {
            hasTail = true
            marks.tail = max(end - 1, 0)
        }
    }

    private mutating func judgeBeginning() {
        guard case .undecided = beginning else { return }
        let hasFailed = watch.seen.hasError || watch.seen.hasFailedChoice
        if watch.isDone {
            beginning = hasFailed ? .error(0..<documentBytes) : .commit
        } else if documentBytes >= FirstEvent.jsonPrefix {
            beginning = hasFailed ? .error(0..<FirstEvent.jsonPrefix) : .commit
        } else if watch.isLost {
            beginning = .commit
        }
    }

    private mutating func noteDocument() {
        if watch.isDone { isTerminated = true }
        if watch.seen.hasRootUsage { take(final: true) }
        if watch.seen.hasError || watch.seen.hasFailedChoice { inBandError = true }
    }

    // A stream of events.

    private mutating func feedEvents(_ base: UnsafeRawPointer, _ count: Int, _ marks: inout AnswerMarks) {
        if isCutting { marks.cut = lines.isAfterCR && base.byte(0) == ASCII.lf ? 1 : 0 }
        lines.begin()
        var at = 0
        while true {
            switch lines.next(base, at: &at, to: count) {
            case .needMore: return
            case .data(let from, let to):
                matchDone(base, from: from, to: to)
                _ = watch.feed(base, from: from, to: to)
            case .dataBreak:
                doneMatch = -1
                withUnsafeBytes(of: ASCII.lf) { lf in
                    if let base = lf.baseAddress { _ = watch.feed(base, from: 0, to: 1) }
                }
            case .named:
                let isStop = lines.name.withUnsafeBytes { Sightings.Kind($0) } == .messageStop
                if isStop, nestsMessages { setTail(lines.eventStart, &marks) }
            case .end(let blank, let after):
                noteEvent(blank: blank, after: after, &marks)
            }
        }
    }

    private var nestsMessages: Bool { skin == .messages || skin == .other }

    @inline(__always)
    private mutating func matchDone(_ base: UnsafeRawPointer, from: Int, to: Int) {
        guard doneMatch >= 0 else { return }
        let wanted: StaticString = "[DONE]"
        for at in from..<to {
            // Clients look only at how the data begins.
            if doneMatch == 6 { return }
            guard base.byte(at) == wanted.utf8Start[doneMatch] else {
                doneMatch = -1
                return
            }
            doneMatch += 1
        }
    }

    private mutating func setTail(_ offset: Int, _ marks: inout AnswerMarks) {
        guard !hasTail else { return }
        hasTail = true
        marks.tail = offset
    }

    /// An event has ended with the empty line `blank..<after`.
    @inline(__always)
    private mutating func noteEvent(blank: Int, after: Int, _ marks: inout AnswerMarks) {
        if lines.dataLines > 0 || !lines.name.isEmpty {
            events &+= 1
            if doneMatch == 6 {
                if skin != .messages {
                    isTerminated = true
                    setTail(lines.eventStart, &marks)
                }
            } else {
                interpret(blank: blank, after: after, &marks)
            }
            watch.reset()
            doneMatch = 0
            lines.clearEvent()
        }
    }

    private mutating func interpret(blank: Int, after: Int, _ marks: inout AnswerMarks) {
        let name =
            lines.name.isEmpty ? Sightings.Kind.other : lines.name.withUnsafeBytes { Sightings.Kind($0) }
        let isWhole = watch.isDone
        let kind = isWhole && watch.seen.kind != .other ? watch.seen.kind : name
        if name == .error || kind == .error || kind == .failed { inBandError = true }
        if isWhole, watch.seen.hasError || watch.seen.hasFailedChoice { inBandError = true }
        switch kind {
        case .completed, .incomplete, .failed:
            guard skin == .responses || skin == .other else { break }
            if isWhole, watch.seen.hasInnerUsage { take(final: true) }
            isTerminated = true
            setTail(blank, &marks)
            return
        case .messageStart, .messageDelta:
            guard nestsMessages, isWhole else { break }
            if watch.seen.hasInnerUsage || watch.seen.hasRootUsage {
                stated.merge(watch.seen.usage)
                usage = stated.usage
                usageIsFinal = usageIsFinal || kind == .messageDelta
            }
            return
        case .messageStop:
            guard nestsMessages else { break }
            isTerminated = true
            setTail(lines.eventStart, &marks)
            isCutting = true
            marks.cut = after
            return
        default: break
        }
        if isWhole, skin != .responses, skin != .messages { interpretChunk(after: after, &marks) }
    }

    /// A chunk of the chat dialect. Its usage is the last word only once a
    /// choice has ended, or when there are no choices in it: some providers
    /// state a running total in every chunk.
    private mutating func interpretChunk(after: Int, _ marks: inout AnswerMarks) {
        if watch.seen.isFinished { isTerminated = true }
        guard watch.seen.hasRootUsage else { return }
        let isLast = isTerminated || !watch.seen.hasChoice
        take(final: isLast)
        if isLast { setTail(after, &marks) }
    }

    private mutating func take(final: Bool) {
        stated = watch.seen.usage
        usage = stated.usage
        usageIsFinal = usageIsFinal || final
    }
}
