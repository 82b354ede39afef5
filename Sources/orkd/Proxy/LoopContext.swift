import NIOCore
import ORKit
import Synchronization

/// Everything one event loop owns. Confined to its loop, except for the
/// counters, which are atomic and only read elsewhere.
final class LoopContext: @unchecked Sendable {
    let loop: any EventLoop
    let number: Int
    let gateway: Gateway
    let pool: UpstreamPool
    let buffers: SpareBuffers
    /// Digest of a client key → client. Replaced piecewise by `apply`.
    private(set) var clients: [Digest: ClientEntry] = [:]
    /// What models cost, as of when the upstream last said. Replaced as a
    /// whole; read without a lock.
    private(set) var prices = PriceTable()
    let counters = LoopCounters()
    var tally = LoopTally()
    var ledger = LoopLedger()

    private let clock: LoopClock
    private var ids: RequestIDSource
    private var doors = Roster<FrontDoor>()
    /// Requests whose callers have left.
    var drains = Roster<ProxyExchange>()
    private var ticker: RepeatedTask?
    private var records = RecordBatch()
    private var date = DateLine()
    private var owingFlush: [ProxyExchange] = []
    private var owingRequest: [(exchange: ProxyExchange, attempt: Int)] = []
    private var isTurnEndDue = false
    private var isTickDue = false

    /// How often deadlines are looked at. Coarse on purpose: one scan for all
    /// connections costs less than one timer per request.
    private static let tick = TimeAmount.milliseconds(100)

    init(loop: any EventLoop, number: Int, gateway: Gateway, pool: UpstreamPool) {
        self.loop = loop
        self.number = number
        self.gateway = gateway
        self.pool = pool
        clock = pool.clock
        buffers = pool.buffers
        ids = RequestIDSource(loop: number)
    }

    /// When the event that is being handled came.
    var now: Now { clock.now }

    func readClock() { clock.read() }

    /// The `Date` field of this second, with its CRLF.
    var dateLine: [UInt8] { date.line(at: now.wall) }

    func nextID() -> RequestID { ids.next(wallMilliseconds: now.wall.milliseconds) }

    func replaceClients(_ table: [Digest: ClientEntry]) { clients = table }

    func replacePrices(_ table: PriceTable) { prices = table }

    func apply(_ delta: ClientDelta) {
        switch delta {
        case .put(let digest, let entry): clients[digest] = entry
        case .remove(let digest): clients[digest] = nil
        }
    }

    /// Keeps a finished request. Handed over many at a time, at the latest
    /// with the next deadline scan, so that a busy loop takes the store's lock
    /// and wakes its thread rarely.
    func keep(_ record: RequestRecord) {
        tally.add(record)
        records.add(record)
        if records.count >= Self.handOverBound { handOver() }
    }

    /// Gives what is kept to the store now; before somebody reads there.
    func handOver() {
        guard records.count > 0 else { return }
        var batch = RecordBatch()
        swap(&batch, &records)
        gateway.sink.submit(batch)
    }

    private static let handOverBound = 256

    /// Writes a line into the ledger. It is on its way with the end of this
    /// turn of the loop.
    ///
    /// - Returns: the number by which `ledger` knows when it is on disk.
    func post(_ posting: consuming Posting) -> UInt64 {
        endTurnLater()
        return ledger.post(posting)
    }

    /// Has the reservation of a request posted with the end of this turn, since
    /// its answer waits for it. Should the answer be whole by then, it is one
    /// line with its settlement.
    func reserveWithTurn(_ exchange: ProxyExchange) {
        endTurnLater()
        ledger.ask(exchange)
    }

    /// Has what was gathered leave after the last event of this turn.
    private func endTurnLater() {
        guard !isTurnEndDue else { return }
        isTurnEndDue = true
        loop.execute { self.endTurn() }
    }

    private func endTurn() {
        sendOwed()
        flushOwed()
        handOverPostings()
        isTurnEndDue = false
        // One of these may have brought another about.
        if !owingRequest.isEmpty || !owingFlush.isEmpty || ledger.isAsked { endTurnLater() }
    }

    /// Has the reservation of a request posted soon, unless the request posts
    /// it, or is over, before. An answer that comes at once is one line and one
    /// commit then, not two.
    func reserveSoon(_ exchange: ProxyExchange) {
        ledger.keep(exchange)
        ageKept()
    }

    private func ageKept() {
        guard !isTickDue else { return }
        isTickDue = true
        loop.scheduleTask(in: Self.reservationTick) {
            self.isTickDue = false
            for exchange in self.ledger.age() { exchange.postReservation() }
            if self.ledger.keepsSome { self.ageKept() }
        }
    }

    /// A reservation is kept for one of these at least, and for two at most. A
    /// timer each millisecond cost a busy loop more than the lines it brought:
    /// on a virtual machine to set one is a call of the host.
    private static let reservationTick = TimeAmount.milliseconds(5)

    private func handOverPostings() {
        for exchange in ledger.takeAsking() { exchange.askForReservation() }
        guard !ledger.isEmpty else { return }
        let (postings, through) = ledger.take()
        gateway.sink.post(postings, of: number, through: through)
    }

    /// Postings up to that number are on disk.
    func posted(through ticket: UInt64) {
        readClock()
        for wait in ledger.reached(ticket) { wait.exchange.postingIsOnDisk() }
    }

    /// The disk could not be written.
    func postsDelayed() {
        readClock()
        for exchange in ledger.everybody { exchange.postingIsDelayed() }
    }

    /// Nothing can be written to the disk (ruling 27).
    func diskBroke() {
        readClock()
        for door in doors.snapshot() { (door.exchange as? ProxyExchange)?.diskBroke() }
        for exchange in drains.snapshot() { exchange.diskBroke() }
    }

    /// Has an answer leave with those of the other exchanges that something
    /// came for in this turn of the loop. To wake a process that sleeps is a
    /// fifth of what an event costs, and one that reads many streams is woken
    /// once for all of them when nothing is done in between.
    func flushSoon(_ exchange: ProxyExchange) {
        owingFlush.append(exchange)
        if owingFlush.count == Self.flushBound { flushOwed() } else { endTurnLater() }
    }

    private func flushOwed() {
        guard !owingFlush.isEmpty else { return }
        var exchanges: [ProxyExchange] = []
        swap(&exchanges, &owingFlush)
        for exchange in exchanges { exchange.flushOwed() }
        exchanges.removeAll(keepingCapacity: true)
        if owingFlush.isEmpty { owingFlush = exchanges }
    }

    /// Has a request take a connection and leave with those of the other
    /// exchanges that came to this point in this turn, for the same reason:
    /// an upstream on this machine goes to sleep again before the next one is
    /// decided about, and has to be woken for each.
    func sendSoon(_ exchange: ProxyExchange, attempt: Int) {
        owingRequest.append((exchange, attempt))
        if owingRequest.count == Self.flushBound { sendOwed() } else { endTurnLater() }
    }

    private func sendOwed() {
        guard !owingRequest.isEmpty else { return }
        var requests: [(exchange: ProxyExchange, attempt: Int)] = []
        swap(&requests, &owingRequest)
        for (exchange, attempt) in requests where exchange.stillWaits(for: attempt) {
            pool.acquire(for: exchange, attempt: attempt)
        }
        requests.removeAll(keepingCapacity: true)
        if owingRequest.isEmpty { owingRequest = requests }
    }

    /// So many leave together: the first one waits for the last.
    static let flushBound = 32

    func entered(_ door: FrontDoor) {
        doors.insert(door)
        startTicking()
    }

    func left(_ door: FrontDoor) { doors.remove(door) }

    /// Starts the deadline scan unless it runs; it stops by itself when
    /// there is nothing to watch, so that an idle daemon sleeps.
    func startTicking() {
        guard ticker == nil else { return }
        ticker = loop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { _ in
            self.scan()
        }
    }

    /// Ends what is overdue at that time.
    func check(monotonic: Int64) {
        for door in doors.snapshot() { door.check(monotonic: monotonic) }
        for exchange in drains.snapshot() { exchange.check(monotonic: monotonic) }
        pool.check(monotonic: monotonic)
    }

    private func scan() {
        readClock()
        gateway.memory.look(at: now.monotonic)
        check(monotonic: now.monotonic)
        gateway.room.letGo(at: now)
        handOver()
        buffers.letGoOfUnused()
        guard doors.isEmpty, drains.isEmpty, pool.isEmpty, buffers.isEmpty else { return }
        ticker?.cancel()
        ticker = nil
    }

    /// Ends idle keep-alive connections at once and the others after their
    /// answer: the drain of a shutdown.
    func closeIdle() {
        for door in doors.snapshot() { door.closeWhenIdle() }
    }

    /// Cuts whatever is left.
    func closeAll() {
        for door in doors.snapshot() { door.cut() }
        for exchange in drains.snapshot() { exchange.stopDraining() }
        pool.closeAll()
        for exchange in ledger.takeKept() { exchange.postReservation() }
        handOver()
        handOverPostings()
    }
}

/// Counts of one loop; read by `status`.
final class LoopCounters: Sendable {
    let requests = Atomic<Int64>(0)
    let failed = Atomic<Int64>(0)
    let retries = Atomic<Int64>(0)
    let inFlight = Atomic<Int>(0)
    let streams = Atomic<Int>(0)
    let connections = Atomic<Int>(0)
    /// When the upstream was last heard, and when it last could not be
    /// reached: nanoseconds of the monotonic clock, 0 for never.
    let lastAnswer = Atomic<Int64>(0)
    let lastFailure = Atomic<Int64>(0)
}
