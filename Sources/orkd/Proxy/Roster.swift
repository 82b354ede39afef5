/// The live connections of one loop, for the deadline scan: constant-time
/// entry and exit, no order.
struct Roster<Member: RosterMember>: ~Copyable {
    private var members: ContiguousArray<Member> = []

    var isEmpty: Bool { members.isEmpty }
    var count: Int { members.count }

    mutating func insert(_ member: Member) {
        member.rosterPlace = members.count
        members.append(member)
    }

    mutating func remove(_ member: Member) {
        let place = member.rosterPlace
        guard place >= 0, place < members.count, members[place] === member else { return }
        members[place] = members[members.count - 1]
        members[place].rosterPlace = place
        members.removeLast()
        member.rosterPlace = -1
    }

    /// A copy, because what is done to a member may remove it.
    func snapshot() -> ContiguousArray<Member> { members }
}

protocol RosterMember: AnyObject {
    /// -1 while in no roster.
    var rosterPlace: Int { get set }
    /// Ends what is overdue. Nanoseconds of the monotonic clock.
    func check(monotonic: Int64)
}
