import ORKit

/// How old an answer about models is.
struct PublicModelsAge {
    let timestamp: String
    let cachedAt: String?
    let seconds: Int64?
    /// It should have been asked for again by now, and could not be.
    let isStale: Bool

    init(_ cache: ModelCacheView, at now: WallTime) {
        timestamp = now.rfc3339
        cachedAt = cache.fetchedAt
        seconds = cache.ageSeconds
        isStale = !cache.valid
    }
}
