internal import ArgumentParser
internal import ORKClient
internal import ORKit

struct QuotaShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what keys may still do: counted here, foreseen, and as the upstream said.")

    @OptionGroup var keys: KeySelection
    @OptionGroup(title: "Global options") var globals: Globals

    func run(in session: Session) throws {
        let client = session.client()
        let rows: [QuotaView] = try Selecting.all(keys.names, notFound: .keyNotFound) { query in
            try client.get(.quotasList, query: query)
        }
        try Listing.quotas.show(session, rows)
    }
}
