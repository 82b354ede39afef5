/// What few clients have and every request of theirs is held against. One
/// reference from the entry of the data path; nil there costs nothing.
package final class ClientRules: Sendable {
    // Of all lists: nil allows everything, an empty one nothing.
    package let models: AllowedModels?
    /// Paths below `/v1/`.
    package let endpoints: [BytePattern]?
    package let addresses: [AddressRange]?
    package let referrers: [ReferrerDomain]?
    package let cap: RequestCap?
    /// When its user's trial ends; looked at only where that is enforced.
    package let trialEndsAt: WallTime?

    /// Nil when there is nothing to hold against.
    package init?(_ lists: AllowLists, cap: RequestCap? = nil, trialEndsAt: WallTime? = nil) {
        guard !lists.isEmpty || cap != nil || trialEndsAt != nil else { return nil }
        // An entry that cannot be read lets nobody in, even if it is the only one.
        func list<Entry>(_ texts: [String], _ read: (String) -> Entry?) -> [Entry]? {
            texts.isEmpty ? nil : texts.compactMap(read)
        }
        models = list(lists.models) { BytePattern($0) }.map { AllowedModels($0) }
        endpoints = list(lists.endpoints) { BytePattern($0) }
        addresses = list(lists.addresses) { AddressRange($0) }
        referrers = list(lists.referrers) { ReferrerDomain($0) }
        self.cap = cap
        self.trialEndsAt = trialEndsAt
    }

    /// - Parameter path: `/v1/…`, as it goes upstream.
    package func permits(path: [UInt8]) -> Bool {
        guard let endpoints else { return true }
        return path.withUnsafeBytes { bytes in
            let below = bytes.part(min(Self.front, bytes.count)..<bytes.count)
            return endpoints.contains { $0.matches(below) }
        }
    }

    private static let front = "/v1/".utf8.count

    /// - Parameter address: nil when it is not known.
    package func permits(address: NetAddress?) -> Bool {
        guard let addresses else { return true }
        guard let address else { return false }
        return addresses.contains { $0.contains(address) }
    }

    /// - Parameter page: value of `Origin`, else of `Referer`; nil when there
    ///   is none.
    package func permits(page: UnsafeRawBufferPointer?) -> Bool {
        guard let referrers else { return true }
        guard let page else { return false }
        return referrers.contains { $0.covers(page) }
    }
}

extension ClientRules: Hashable {
    package static func == (a: ClientRules, b: ClientRules) -> Bool {
        a.models == b.models && a.endpoints == b.endpoints && a.addresses == b.addresses
            && a.referrers == b.referrers && a.cap == b.cap && a.trialEndsAt == b.trialEndsAt
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(models)
        hasher.combine(endpoints)
        hasher.combine(addresses)
        hasher.combine(referrers)
        hasher.combine(cap)
        hasher.combine(trialEndsAt)
    }
}

/// How many requests a client may make, and the count that it is held
/// against.
package struct RequestCap: Sendable, Hashable {
    /// Of the count; never used for another one.
    package let serial: Int64
    package let most: Int64

    package init(serial: Int64, most: Int64) { (self.serial, self.most) = (serial, most) }
}
