package org.louver.sdk

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createTempDirectory
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.json.JSONObject

/** A `louver node` of a development chain, which makes blocks when it is asked to, and what tests need around it. */
class Chain(vararg flags: String) : AutoCloseable {
    val folder: Path = createTempDirectory("louver-kotlin")
    private val process: Process
    val url: String

    /** The chain that the test started, and so has chosen. */
    val trust: Trust

    init {
        val program = checkNotNull(System.getenv("LOUVER_BIN")) { "LOUVER_BIN names no `louver`" }
        val data = folder.resolve("node").toString()
        process = ProcessBuilder(program, "node", "--data", data, "--listen", "127.0.0.1:0", "--on-demand", "--json", *flags)
            .redirectError(folder.resolve("node.log").toFile())
            .start()
        val line = process.inputReader().readLine()
        val started = JSONObject(checkNotNull(line) { Files.readString(folder.resolve("node.log")) })
        url = started.getString("url")
        trust = Trust(genesisHash = started.getString("genesis_hash"))
    }

    val node: Node = runBlocking { Node.connect(HttpTransport(url), trust) }

    /** A wallet of a new phrase, or of another one from the first block on, without a passphrase. */
    suspend fun wallet(name: String, phrase: RecoveryPhrase? = null): Wallet = Wallet.create(
        folder.resolve("$name.sqlite").toString(),
        node,
        phrase ?: RecoveryPhrase.generate(),
        Protection.unsealed(),
        birthday = phrase?.let { Birthday.Block(0u) },
    )

    /** A wallet with an amount of the chain's coin in the pool. */
    suspend fun funded(name: String, amount: String): Wallet = wallet(name).also { fund(it, amount) }

    /** Brings an amount into the pool, to the first account of a wallet. */
    suspend fun fund(wallet: Wallet, amount: String) {
        val keys = wallet.unlock(Protection.unsealed())
        val account = keys.transparentAccount(0u)
        val coins = node.parseAmount(amount)
        node.faucet(account, coins.copy(value = coins.value + 1_000_000u))
        blocks(1)
        wallet.sync(null)
        wallet.send(wallet.plan(0u, Action.Shield(account, coins)), keys, prover, null).taken()
        blocks(1)
        wallet.sync(null)
    }

    suspend fun blocks(count: Int): UInt = node.produceBlocks(count.toUInt())

    fun coins(amount: String): Amount = node.parseAmount(amount)

    override fun close() {
        process.destroy()
        process.waitFor(20, TimeUnit.SECONDS)
        folder.toFile().deleteRecursively()
    }

    companion object {
        /** One prover for all tests: its keys are installed once. */
        val prover: Prover by lazy {
            Prover().also { prover ->
                runBlocking { for (circuit in KEYS.keys) prover.install(circuit, flatKey(circuit), null) }
            }
        }

        private val KEYS = mapOf(
            Circuit.TRANSFER2X3 to "2x3",
            Circuit.ACCOUNT_KEYS to "account-keys",
            Circuit.NOTE_OPENING to "note-opening",
        )

        /** The development key of a circuit, from the folder where `louver` keeps them: the newest, as older circuits leave theirs. */
        fun flatKey(circuit: Circuit): ByteArray {
            val cache = Path.of(checkNotNull(System.getenv("LOUVER_CACHE")) { "LOUVER_CACHE names no folder" })
            val name = Regex("development-${KEYS[circuit]}-[0-9a-f]+\\.key")
            val found = Files.list(cache).use { files -> files.filter { name.matches(it.fileName.toString()) }.toList() }
            return Files.readAllBytes(found.maxBy { Files.getLastModifiedTime(it) })
        }
    }
}

/** The account's spendable amount of an asset. */
suspend fun Wallet.spendable(asset: ULong = 1u): ULong =
    balances(0u).find { it.asset == asset }?.spendable ?: 0u

/** Fails if the node did not take the transaction. */
fun Sent.taken(): Sent = also { check(it.notTaken == null) { "not taken: ${it.notTaken}" } }

suspend fun Wallet.pay(to: String, amount: Amount, memo: String = ""): Sent {
    val plan = plan(0u, Action.Pay(listOf(Payment(to, amount, memo)), Fee.Least))
    return send(plan, unlock(Protection.unsealed()), Chain.prover, null).taken()
}

/** A test that waits, and that fails rather than hang. */
fun waiting(test: suspend () -> Unit): Unit = runBlocking { withTimeout(180_000) { test() } }
