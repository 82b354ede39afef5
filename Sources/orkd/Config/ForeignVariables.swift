/// Variables of other gateways that are accepted, so that an existing `.env`
/// starts, but do nothing here; one remark at start lists them (K-20, CF-01 to
/// CF-04).
enum ForeignVariables {
    private static let reasons: [(pattern: String, reason: String)] = [
        ("REDIS_*", "state is kept in SQLite"),
        ("MONGODB_*", "state is kept in SQLite"),
        ("MONGO_*", "state is kept in SQLite"),
        ("SUPABASE_*", "state is kept in SQLite"),
        ("ADMIN_USERNAME", "administration is over the control socket"),
        ("ADMIN_PASSWORD", "administration is over the control socket"),
        ("SESSION_SECRET_KEY", "there is no web panel yet"),
        ("APIKEYROUTER_*", "not used"),
    ]

    /// The remark about those of `names` that do nothing; nil if all do
    /// something or belong to somebody else.
    static func remark(about names: some Sequence<String>) -> String? {
        var byReason: [(reason: String, names: [String])] = []
        for name in Set(names).subtracting(EnvironmentLayer.known).sorted() {
            guard let reason = reason(for: name) else { continue }
            if let index = byReason.firstIndex(where: { $0.reason == reason }) {
                byReason[index].names.append(name)
            } else {
                byReason.append((reason, [name]))
            }
        }
        guard !byReason.isEmpty else { return nil }
        let parts = byReason.map { "\($0.names.joined(separator: ", ")) (\($0.reason))" }
        return "accepted but not used: " + parts.joined(separator: "; ")
    }

    /// Remarks about `ORKD_…` names that mean nothing: probably misspelt.
    static func misspelt(among names: some Sequence<String>) -> [String] {
        names.filter { $0.hasPrefix("ORKD_") && !EnvironmentLayer.known.contains($0) }.sorted().map { name in
            let nearest = NearestName.of(name, among: EnvironmentLayer.known.sorted())
            return "\(name) is not a variable of orkd" + (nearest.map { "; did you mean \($0)?" } ?? "")
        }
    }

    private static func reason(for name: String) -> String? {
        reasons.first { pattern, _ in
            pattern.last == "*" ? name.hasPrefix(pattern.dropLast()) : name == pattern
        }?.reason
    }
}
