/// Who administers over HTTP, and from where: told when they begin, and again
/// after an hour without a call (EN-06). Nobody logs in there, so this is what
/// a login would be.
package struct AdminVisits: Sendable {
    package struct Visit: Sendable, Hashable {
        /// As the audit trail names whoever comes over the data port.
        package var who: String
        package var address: AddressPrefix

        package init(_ who: String, from address: AddressPrefix) {
            (self.who, self.address) = (who, address)
        }
    }

    /// Visits that are told apart. Beyond, all are forgotten: told twice does
    /// no harm.
    static let most = 1024
    private static let pause: Int64 = 3_600_000_000_000

    /// When each of them called last; monotonic.
    private var last: [Visit: Int64] = [:]
    private var begun: [Visit] = []

    package init() {}

    package mutating func note(_ visit: Visit, at now: Int64) {
        let before = last[visit]
        if before == nil, last.count >= Self.most { last = [:] }
        last[visit] = now
        guard before.map({ now - $0 >= Self.pause }) ?? true, begun.count < Self.most else { return }
        begun.append(visit)
    }

    /// Those that have begun since the last time, in their order.
    package mutating func takeBegun() -> [Visit] {
        let taken = begun
        begun = []
        return taken
    }
}
