import ORKit
import Testing

@testable import orkd

@Suite("Values of settings")
struct ValuesTests {
    @Test("an upstream base URL is shown as it is used, however it was written, and reads back as the same")
    func baseURL() throws {
        for text in ["https://h/api", "https://h/api/", "https://h/api/v1", "HTTPS://H:443/api/v1/"] {
            let read = try SettingForm<UpstreamBase>.baseURL.read(.untyped(text)).get()
            #expect(SettingForm<UpstreamBase>.baseURL.show(read) == "https://h/api/v1")
            #expect(try SettingForm<UpstreamBase>.baseURL.read(.text("https://h/api/v1")).get() == read)
        }
        let address = try SettingForm<UpstreamBase>.baseURL.read(.text("http://[::1]:9000")).get()
        #expect(SettingForm<UpstreamBase>.baseURL.show(address) == "http://[::1]:9000/v1")
        #expect(UpstreamBase.openRouter.text == "https://openrouter.ai/api/v1")
    }

    @Test("a base URL that is refused is not repeated: there may be a password in it")
    func badURL() {
        let read = SettingForm<UpstreamBase>.baseURL.read(.text("https://user:hunter2@h/"))
        guard case .failure(let problem) = read else {
            Issue.record("it was taken")
            return
        }
        #expect(!problem.message.contains("hunter2"))
    }

    @Test("listen addresses are read, shown and judged")
    func addresses() {
        #expect(ListenAddress("127.0.0.1:80")?.isLoopback == true)
        #expect(ListenAddress("127.1.2.3:80")?.isLoopback == true)
        #expect(ListenAddress("[::1]:80")?.isLoopback == true)
        #expect(ListenAddress("localhost:0")?.isLoopback == true)
        #expect(ListenAddress("127.example.org:80")?.isLoopback == false)
        #expect(ListenAddress("0.0.0.0:80")?.isLoopback == false)
        #expect(ListenAddress("[::]:80")?.description == "[::]:80")
        for bad in ["", ":80", "80", "host", "h:65536", "h:-1", "::1:80", "[x]:80", "a b:80", "h:8o"] {
            #expect(ListenAddress(bad) == nil, "\(bad)")
        }
        let form = SettingForm<[ListenAddress]>.addresses
        for none in [RawValue.list([]), .text("none"), .untyped("none")] {
            #expect((try? form.read(none).get()) == [])
        }
        for bad in [RawValue.untyped(""), .untyped(" , "), .text(""), .list([.text("none")])] {
            #expect((try? form.read(bad).get()) == nil)
        }
    }

    @Test("sizes read with binary and decimal units and never overflow")
    func sizes() {
        #expect(ByteSize.parse("50MiB") == 50 << 20)
        #expect(ByteSize.parse("50 MB") == 50_000_000)
        #expect(ByteSize.parse("7") == 7)
        #expect(ByteSize.parse("9223372036854775807GiB") == nil)
        for bad in ["", "MiB", "-1", "1.5MiB", "1 mib", "1TiB"] {
            #expect(ByteSize.parse(bad) == nil, "\(bad)")
        }
        #expect(
            [0, 1000, 1024, 3 << 20, 1 << 30].map { ByteSize.text($0) } == [
                "0B", "1000B", "1KiB", "3MiB", "1GiB",
            ])
    }

    @Test("prices of models are read, shown so that they read back, and judged")
    func prices() throws {
        let form = SettingForm<[PriceOverride]>.prices
        let list = RawValue.list([.text("openai/gpt-4o-mini=0.15/0.60"), .text(" v/a=b:free = 0 / 1000000 ")])
        #expect(throws: FormProblem.self) { try form.read(list).get() }
        let texts = "openai/gpt-4o-mini=0.15/0.600,v/a=b:free = 0 / 999999.999999"
        let read = try form.read(.untyped(texts)).get()
        #expect(form.show(read) == "openai/gpt-4o-mini=0.15/0.60, v/a=b:free=0.00/999999.999999")
        #expect(try form.read(.untyped(form.show(read))).get() == read)
        #expect(try form.read(.list([.text("v/m=1/2")])).get().first?.completion == Price(pico: 2_000_000))
        #expect(try form.read(.untyped("")).get() == [])
        for bad in [
            "v/m", "v/m=1", "v/m=1/2/3", "=1/2", "v/m=-1/2", "v/m=1/x", "v/m=1/", "v/m=0.0000001/1",
            "v/m=1/0.00000000000000001", "v/m=1/1000000", "v/m=1e99/1", "v/m=1/2,v/m=1/3",
        ] {
            #expect(throws: FormProblem.self, "\(bad)") { try form.read(.untyped(bad)).get() }
        }
        for bad in [RawValue.integer(1), .boolean(true), .list([.integer(1)])] {
            #expect(throws: FormProblem.self) { try form.read(bad).get() }
        }
    }

    @Test("the nearest name is a near one or none")
    func nearest() {
        #expect(NearestName.edits(Array("listen".utf8), Array("litsen".utf8)) == 1)
        #expect(NearestName.edits(Array("".utf8), Array("abc".utf8)) == 3)
        #expect(NearestName.of("proxy.lisen", among: ["proxy.listen", "pool.attempts"]) == "proxy.listen")
        #expect(NearestName.of("banana", among: ["proxy.listen"]) == nil)
    }
}

@Suite("System and user mode")
struct ServerPathsTests {
    @Test("root and services get the system's places, everybody else their own")
    func modes() {
        let home = ["HOME": "/home/dana", "XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(ServerPaths.find(user: nil, isRoot: true, environment: home) == .system)
        let own = ServerPaths.find(user: nil, isRoot: false, environment: home)
        #expect(own?.configFile == "/home/dana/.config/orkd/orkd.toml")
        #expect(own?.socket == "/run/user/7/orkd/orkd.sock")
        #expect(own?.stateDirectory == "/home/dana/.local/state/orkd")
        let service = ServerPaths.find(
            user: nil, isRoot: false,
            environment: ["STATE_DIRECTORY": "/var/lib/orkd:/x", "RUNTIME_DIRECTORY": "/run/orkd"])
        #expect(service == .system)
        #expect(ServerPaths.find(user: true, isRoot: true, environment: [:]) == nil)
        #expect(ServerPaths.find(user: false, isRoot: false, environment: home) == .system)
    }

    @Test("the master key is in /etc, or beside the database in user mode; a credential comes first")
    func masterKey() throws {
        let environment = ["HOME": "/h", "CREDENTIALS_DIRECTORY": "/run/credentials/orkd"]
        let system = try Configuration.load(environment: environment, files: FakeFiles().files).get()
        #expect(system.masterKey.file == "/etc/orkd/master.key")
        #expect(system.masterKey.credential == "/run/credentials/orkd/master-key")
        let own = try Configuration.load(
            arguments: FlagValues(user: true, settings: ["state.directory": "/s"]), environment: environment,
            files: FakeFiles().files
        ).get()
        #expect(own.masterKey.file == "/s/master.key")
        #expect(own.lockFiles == ["/h/.local/state/orkd/orkd.lock", "/s/orkd.lock"])
    }
}
