/// Which keys `GET /key` is to be asked about next, as the schedule has it:
/// those that are enabled and served, by their places.
struct ReportRounds: Sendable {
    private let schedule: ReportSchedule?
    private var waiting = IndexedHeap()

    init(every interval: Int64) { schedule = ReportSchedule(every: interval) }

    /// A key that came, or of which something changed.
    mutating func follow(_ place: Int, _ slot: KeySlot, told: WallTime? = nil, at now: WallTime) {
        guard slot.enabled, slot.served else {
            waiting.remove(place)
            return
        }
        if !waiting.contains(place) { put(place, slot, told: told, at: now) }
    }

    /// It was asked about; without an answer its turn comes sooner.
    mutating func asked(_ place: Int, _ slot: KeySlot, isAnswered: Bool, at now: WallTime) {
        guard waiting.contains(place) else { return }
        put(place, slot, told: isAnswered ? now : nil, at: now)
    }

    private mutating func put(_ place: Int, _ slot: KeySlot, told: WallTime?, at now: WallTime) {
        guard let schedule else { return }
        let due = schedule.due(slot.id, told: told, at: now)
        waiting.set(place, stamp: due.milliseconds, id: slot.id.raw)
    }

    mutating func leave(_ place: Int) { waiting.remove(place) }

    func due(at now: WallTime, limit: Int) -> [Int] { waiting.slots(upTo: now.milliseconds, most: limit) }
}
