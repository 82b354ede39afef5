extension Posting {
    /// Reservation and settlement that come to the disk together are one line
    /// (ruling 4): under load that is most of them, and half of the bytes.
    ///
    /// - Returns: what is to be written, in the same order; the sums are those
    ///   of all of the lines.
    public static func joined(_ postings: [Posting]) -> [Posting] {
        var begun: Set<RequestID> = []
        for case .reserve(let reservation) in postings { begun.insert(reservation.request) }
        guard !begun.isEmpty else { return postings }
        let ended = postings.compactMap { posting -> RequestID? in
            guard case .settle(let end) = posting, begun.contains(end.request) else { return nil }
            return end.request
        }
        guard !ended.isEmpty else { return postings }
        let whole = Set(ended)
        return postings.compactMap { posting in
            switch posting {
            case .reserve(let reservation) where whole.contains(reservation.request): return nil
            case .grow(let request, _, _) where whole.contains(request): return nil
            case .sent(let request, _, _) where whole.contains(request): return nil
            case .settle(var end) where whole.contains(end.request):
                end.isWhole = true
                return .settle(end)
            default: return posting
            }
        }
    }
}
