import NIOCore
import ORKit

// A request of a user whose credits count: held before the upstream is asked,
// charged when it is over (ruling 18).

extension ProxyExchange {
    /// Whether this request can cost credits.
    var isMetered: Bool { client.isMetered && path.class == .inference && method == .post }

    /// Holds what the request may cost, or refuses it.
    func holdCredits(_ facts: CallerBody.Facts) -> Bool {
        let claim = Claim(
            bodyBytes: body.knownLength ?? body.total, answers: facts.answers, maxTokens: facts.maxTokens,
            modelCap: facts.model.flatMap { loop.prices.longestAnswer(of: $0) },
            isStream: facts.stream)
        ledger.claim = claim
        let hold = gateway.books.change { $0.admit(claim, of: client.user) }
        ledger.held = hold.credits
        switch hold {
        case .strict: return true
        case .elastic:
            ledger.isElastic = true
            return true
        case .refused(let required, let available):
            refuse(
                ErrorAnswer(
                    .creditsInsufficient, detail: "\(required) required, \(available) available"))
            return false
        }
    }

    /// Counts what a stream has brought.
    ///
    /// - Returns: false when the credits are used up.
    func meter(_ slice: ByteBuffer) -> Bool {
        guard isStream, ledger.claim != nil else { return true }
        countMeter(slice)
        return holdEnough()
    }

    /// The credits are used up: of a stream's events the whole ones still
    /// leave, so that its reader can be told in band why no more come.
    func relayLast(_ slice: ByteBuffer, _ marks: AnswerMarks) {
        var slice = slice
        var isInEvent = answerHead.format == .sse && !scanner.atEventBoundary
        if isInEvent, let end = slice.withUnsafeReadableBytes({ EventEnd.last(in: $0) }),
            let whole = slice.readSlice(length: end)
        {
            (slice, isInEvent) = (whole, false)
        }
        relay(slice, marks)
        ledger.overrun += slice.readableBytes
        guard isInEvent, ledger.overrun < Self.longestOverrun else {
            return stop(.creditsExhausted, inEvent: isInEvent)
        }
    }

    /// So much of an event that has begun is relayed to its end, octets.
    private static let longestOverrun = 16 << 10

    /// Holds more when three quarters of what is held are used.
    ///
    /// - Returns: false when the credits are used up.
    func holdEnough() -> Bool {
        guard isStream, let claim = ledger.claim else { return true }
        let used = claim.likelyPrompt + ledger.meter.tokens
        guard ledger.isElastic, used > ledger.held / 4 * 3 else { return true }
        let more = gateway.books.change { $0.holdSome(Books.step, of: client.user) }
        if more > 0 {
            ledger.held += more
            // A reservation that is not posted yet holds it all.
            if ledger.isOpen, !ledger.isKept { _ = loop.post(.grow(request.id, client.user, credits: more)) }
            return true
        }
        return used < ledger.held
    }

    func countMeter(_ slice: ByteBuffer) {
        ledger.meter.note(bytes: slice.readableBytes, events: scanner.events - ledger.eventsSeen)
        ledger.eventsSeen = scanner.events
    }

    /// What the request costs its user, with what is known now. What failed
    /// costs nothing (ruling 21).
    func charge(_ usage: Usage, _ quality: UsageQuality) -> Int64 {
        guard ledger.claim != nil, attempts.last?.verdict.cause == .ok,
            quality == .exact || quality == .estimated
        else { return 0 }
        let (sum, overflow) = max(0, usage.prompt).addingReportingOverflow(max(0, usage.completion))
        return overflow ? Credits.most : min(sum, Credits.most)
    }

    /// Of an answer that was begun and never said what it cost.
    var estimate: Usage? {
        guard let claim = ledger.claim, let bytes = goodBytes else { return nil }
        var meter = ledger.meter
        if answer == nil {
            meter.note(bytes: held.readableBytes, events: scanner.events - ledger.eventsSeen)
        }
        var usage = Usage()
        usage.prompt = claim.likelyPrompt
        usage.completion = isStream ? meter.tokens : bytes / 4
        usage.total = usage.prompt + usage.completion
        return usage
    }

    /// How long a good answer has become, on its way to the caller or whole and
    /// waiting for the disk. Nil: there is none.
    var goodBytes: Int64? {
        guard (200..<300).contains(answerHead.status) else { return nil }
        if let answer { return answer.bytes }
        return ledger.isWhole ? Int64(held.readableBytes) : nil
    }

    /// Gives back what is held, and takes what the request cost.
    func settleCredits(charged: Int64) {
        guard ledger.claim != nil, !ledger.isPaid else { return }
        ledger.isPaid = true
        ledger.charged = charged
        ledger.balance = gateway.books.change {
            $0.settle(held: ledger.held, charged: charged, of: client.user)
        }
    }

    /// The answer never reached its caller although it was charged: takes the
    /// charge back (ruling 5).
    func refundCredits() {
        guard ledger.charged > 0, ledger.settlement != 0 else { return }
        let charged = ledger.charged
        ledger.charged = 0
        ledger.balance = gateway.books.change { $0.move(charged, of: client.user) }
        _ = loop.post(
            .correct(
                Correction(
                    request: request.id, user: client.user, client: client.id, key: attempts.last?.key,
                    model: ask.model, usage: Usage(), quality: metered.quality, charged: -charged)))
    }

    /// Tells a metered caller what the answer cost it, where that does not
    /// break what reads it: a member of a JSON answer, a chunk of a chat stream
    /// before its end unless an operator does not want that, a comment in the other
    /// streams (K-27).
    var usageNote: [UInt8]? {
        guard isMetered, ledger.isPaid, scanner.usage != nil, let balance = ledger.balance else { return nil }
        let note = GatewayUsage(charged: ledger.charged, balance: balance, maskedKey: client.masked)
        switch (answerHead.format, path.skin) {
        case (.json, _): return note.member
        case (.sse, .chat) where gateway.settings.usageChunk:
            return note.chunk(of: ask.model, generation: scanner.generation)
        case (.sse, _): return note.comment
        case (.opaque, _): return nil
        }
    }
}
