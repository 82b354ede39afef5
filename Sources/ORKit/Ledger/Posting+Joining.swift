extension Posting {
    /// Reservation and settlement that come to the disk together are one line
    /// (ruling 4): under load that is most of them, and half of the bytes.
    ///
    /// - Returns: what is to be written, in the same order; the sums are those
    ///   of all of the lines.
    public static func joined(_ postings: [Posting]) -> [Posting] {
        let begun = postings.count(where: \.isReservation)
        // Most settlements come with their reservation in them already.
        guard begun > 0 else { return postings }
        var course = RequestCourse(capacity: begun)
        for case .reserve(let reservation) in postings { course.begin(reservation.request) }
        var ends = false
        for case .settle(let end) in postings where course.end(end.request) { ends = true }
        guard ends else { return postings }
        var joined: [Posting] = []
        joined.reserveCapacity(postings.count)
        for posting in postings {
            switch posting {
            case .reserve(let reservation) where course.hasEnded(reservation.request): break
            case .grow(let request, _, _) where course.hasEnded(request): break
            case .sent(let request, _, _) where course.hasEnded(request): break
            case .settle(let end) where !end.isWhole && course.hasEnded(end.request):
                var whole = end
                whole.isWhole = true
                joined.append(.settle(whole))
            default: joined.append(posting)
            }
        }
        return joined
    }

    private var isReservation: Bool {
        if case .reserve = self { true } else { false }
    }
}
