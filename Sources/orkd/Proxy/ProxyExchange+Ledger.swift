import NIOCore
import ORKit

// A request in the ledger: reserved on disk before a byte of its answer
// leaves, settled on disk before its end leaves (rulings 1 and 2).

extension ProxyExchange {
    private var keepsLedger: Bool { gateway.settings.ledger }

    /// Before the first attempt. The upstream call does not wait for the disk.
    func reserve() {
        guard keepsLedger, !ledger.isOpen, ledger.settlement == 0 else { return }
        ledger.isKept = true
        loop.reserveSoon(self)
    }

    /// Posts it, unless that was done.
    func postReservation() {
        guard ledger.isKept else { return }
        ledger.isKept = false
        ledger.reservation = loop.post(
            .reserve(
                Reservation(request: request.id, user: payer, client: client.id, credits: ledger.held)))
    }

    /// Whose account the request is written on.
    private var payer: UserID { ledger.claim == nil ? .house : client.user }

    /// Whether bytes of the answer may leave.
    var isReserved: Bool {
        !ledger.isKept && ledger.reservation <= loop.ledger.onDisk || !Safeguard.wait.isKept
    }

    /// Releases the answer as soon as the reservation is on disk.
    func awaitReservation() {
        stage = .reserving
        stageSince = loop.now.monotonic
        if ledger.isKept {
            loop.reserveWithTurn(self)
        } else {
            // It may be on disk before this turn is over.
            loop.ledger.wait(self, for: ledger.reservation)
        }
    }

    /// The turn in which the answer began to come is over.
    func askForReservation() {
        guard stage == .reserving else { return }
        postReservation()
        loop.ledger.wait(self, for: ledger.reservation)
    }

    /// An answer that takes a while: whom to ask for its cost should this
    /// process die meanwhile.
    func noteSent() {
        guard !ledger.isSent, ledger.isOpen, let last = attempts.last, last.status != 0 else { return }
        ledger.isSent = true
        postReservation()
        _ = loop.post(.sent(request.id, last.key, generation: generation ?? scanner.generation))
    }

    /// Writes down what became of the request, unless that was done.
    func postSettlement(end: RequestEnd) {
        endLimits()
        settleBudgets()
        // Of an answer that came to its end it was done before that left.
        guard ledger.isOpen || ledger.claim != nil && !ledger.isPaid else { return }
        let (usage, quality) = metered
        let charged = charge(usage, quality)
        settleCredits(charged: charged)
        guard ledger.isOpen else { return }
        let isWhole = ledger.isKept
        ledger.isKept = false
        ledger.settlement = loop.post(
            .settle(
                Settlement(
                    request: request.id, user: payer, client: client.id, key: attempts.last?.key,
                    model: ask.model, end: end, usage: usage, quality: quality, held: ledger.held,
                    charged: charged, isWhole: isWhole,
                    generation: generation ?? scanner.generation)))
    }

    /// The answer is here as a whole: its end leaves when the settlement is on
    /// disk.
    func settleThenEnd() {
        FailPoint.pass(.beforeSettle)
        ledger.isWhole = true
        postSettlement(end: .complete)
        guard ledger.settlement > loop.ledger.onDisk, Safeguard.wait.isKept else { return endAnswer() }
        stage = .settling
        // Of a stream only the end waits; anything else leaves in one piece.
        if isStream { answer?.flush(to: door) }
        stageSince = loop.now.monotonic
        loop.ledger.wait(self, for: ledger.settlement)
    }

    /// Something that this request waits for is on disk.
    func postingIsOnDisk() {
        switch stage {
        case .settling where ledger.settlement <= loop.ledger.onDisk:
            endAnswer()
        case .reserving where isReserved:
            beginRelay()
            guard stage == .relaying else { return }
            if let brokenBy {
                breakOff(brokenBy)
            } else {
                noteSent()
                answer?.flush(to: door)
            }
        default:
            break
        }
    }

    /// The disk could not be written. Where nothing has left, the caller is
    /// told so now; what has begun may still be settled in time.
    func postingIsDelayed() {
        guard answer == nil, stage == .settling || stage == .reserving else { return }
        giveUpWaiting()
    }

    /// Nothing can be written: what runs on would cost more that may never be
    /// settled. Its settlement is kept in memory, and written as soon as that
    /// is possible.
    func diskBroke() {
        guard keepsLedger else { return }
        switch stage {
        case .relaying, .draining:
            stop(.storageUnavailable, inEvent: !scanner.atEventBoundary)
        case .settling, .reserving:
            giveUpWaiting()
        case .receiving, .counting, .waiting, .judging, .holding, .pausing, .queued, .over:
            break
        }
    }

    /// The disk took too long.
    func checkPosting(at now: Int64) {
        guard now - stageSince > gateway.settings.ledgerPatience else { return }
        giveUpWaiting()
    }

    /// No answer that is not on disk looks complete.
    private func giveUpWaiting() {
        guard answer == nil else {
            let reset = endsByClosing
            answer?.flush(to: door)
            finish(end: .truncated, code: .storageUnavailable)
            door.abort(reset: reset)
            return
        }
        serial += 1
        ledger.isWhole = false
        if !upstreamOver { upstream?.discard() }
        settle(.abandoned)
        refundCredits()
        refuse(ErrorAnswer(.storageUnavailable))
    }
}
