import Foundation
import ORKit
import Testing

@Suite("client keys are shown once")
struct IssueTests {
    private static let issued: String = {
        var client = Samples.client
        client.secret = Samples.clientSecret
        return Samples.change("ork.clients.change/1", client, "added")
    }()

    private func daemon() throws -> FakeDaemon {
        try FakeDaemon([.init(expect: "POST /v1/clients", body: Self.issued)])
    }

    @Test("without a terminal and a place for the key nothing is created")
    func wouldBeLost() throws {
        let daemon = try FakeDaemon()
        let ran = try orkctl("clients", "add", "billing-batch", daemon: daemon)
        #expect(ran.code == 64 && ran.err.contains("[secret-would-be-lost]"))
        #expect(daemon.calls.isEmpty && daemon.complaints.isEmpty)
    }

    @Test("-q prints the key alone [SH-05]")
    func quiet() throws {
        let ran = try orkctl("clients", "add", "billing-batch", "-q", daemon: daemon())
        #expect(ran.code == 0 && ran.out == Samples.clientSecret + "\n")
    }

    @Test("-o json holds the key")
    func json() throws {
        let ran = try orkctl("clients", "add", "billing-batch", "-o", "json", daemon: daemon())
        #expect(ran.code == 0 && ran.out.contains(#""secret" : "\#(Samples.clientSecret)""#))
    }

    @Test("on a terminal the key stands under the name, with the address to use")
    func terminal() throws {
        let daemon = try FakeDaemon([
            .init(expect: "POST /v1/clients", body: Self.issued),
            .init(expect: "GET /v1/status", body: Samples.item("ork.status/1", Samples.status())),
        ])
        let ran = try Terminal(["clients", "add", "billing-batch"], daemon: daemon, showsOutput: true).end()
        #expect(ran.code == 0)
        #expect(ran.err.contains("issued billing-batch   expires 2099-02-19T00:00:00Z"))
        #expect(ran.err.contains("base URL   http://127.0.0.1:8080/v1"))
        #expect(ran.err.contains("key        \(Samples.clientSecret)   ← shown only now"))
    }

    @Test("--secret-file is created closed to others, and the key is nowhere else")
    func file() throws {
        let path = try TemporaryDirectory.make() + "/key"
        let ran = try orkctl("clients", "add", "billing-batch", "--secret-file", path, daemon: daemon())
        #expect(ran.code == 0 && !ran.out.contains("gw_live_") && ran.out.contains("key in \(path)"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Samples.clientSecret + "\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("an existing file is never overwritten, and nothing is created")
    func existingFile() throws {
        let path = try TemporaryDirectory.file("precious")
        let daemon = try FakeDaemon()
        let ran = try orkctl("clients", "add", "billing-batch", "--secret-file", path, daemon: daemon)
        #expect(ran.code == 73 && ran.err.contains("[cannot-create]") && daemon.calls.isEmpty)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test("no empty file stays when the daemon refuses, or when there is no new key")
    func noLeftover() throws {
        let path = try TemporaryDirectory.make() + "/key"
        let refusal = try FakeDaemon([
            .init(expect: "POST /v1/clients", status: 409, body: Samples.error(.clientExists))
        ])
        #expect(try orkctl("clients", "add", "b", "--secret-file", path, daemon: refusal).code == 5)
        #expect(!FileManager.default.fileExists(atPath: path))
        let same = Samples.change("ork.clients.change/1", Samples.client, "unchanged", changed: false)
        let unchanged = try FakeDaemon([.init(expect: "POST /v1/clients", body: same)])
        let ran = try orkctl("clients", "add", "b", "--secret-file", path, daemon: unchanged)
        #expect(ran.code == 0 && ran.out == "billing-batch unchanged\n")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("rotate asks first, then prints the new key alone with -q")
    func rotate() throws {
        let daemon = try FakeDaemon([.init(expect: "POST /v1/clients/rotate", body: Self.issued)])
        let ran = try orkctl(
            "clients", "rotate", "billing-batch", "--grace", "24h", "-q", "-y", daemon: daemon)
        #expect(ran.code == 0 && ran.out == Samples.clientSecret + "\n")
        #expect(daemon.calls.first?.body == #"{"grace":"24h","select":["billing-batch"]}"#)
    }
}
