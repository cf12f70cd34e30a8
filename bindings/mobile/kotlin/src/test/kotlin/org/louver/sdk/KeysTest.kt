package org.louver.sdk

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.createDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Proving keys come from the node, are checked, and are kept where the application says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysTest {
    private val chain = Chain()

    @AfterAll
    fun stop() = chain.close()

    /** A way to the node that counts how often it is asked for keys. */
    private inner class Counting : Transport {
        val asked = AtomicInteger()
        private val http = HttpTransport(chain.url)

        override suspend fun send(request: HttpRequest): HttpResponse {
            if (request.path.startsWith("/v1/proving-keys/")) asked.incrementAndGet()
            return http.send(request)
        }
    }

    @Test
    fun `a key is fetched once, and kept in a folder`() = waiting {
        val counting = Counting()
        val node = Node.connect(counting, Trust())
        val folder = chain.folder.resolve("keys").createDirectory()
        val stages = mutableListOf<Stage>()
        watched({ stages.add(it.stage) }) { Prover.inFolder("$folder").prepare(Circuit.NOTE_OPENING, node, it) }
        assertEquals(setOf(Stage.FETCHING_KEY, Stage.PREPARING_KEY), stages.toSet())
        val first = counting.asked.get()
        assertTrue(first > 0)

        val again = Prover.inFolder("$folder")
        assertEquals(false, again.isReady(Circuit.NOTE_OPENING))
        again.prepare(Circuit.NOTE_OPENING, node, null)
        assertEquals(true, again.isReady(Circuit.NOTE_OPENING))
        assertEquals(first, counting.asked.get(), "the key was kept")

        // A key that is damaged on disk counts as missing.
        val file = folder.listDirectoryEntries("*.key").single()
        val whole = file.readBytes()
        assertContentEquals(Chain.flatKey(Circuit.NOTE_OPENING), whole)
        file.writeBytes(whole.copyOf().also { it[whole.size / 2] = (it[whole.size / 2] + 1).toByte() })
        Prover.inFolder("$folder").prepare(Circuit.NOTE_OPENING, node, null)
        assertEquals(2 * first, counting.asked.get())
        assertContentEquals(whole, file.readBytes())
    }

    @Test
    fun `an application keeps keys as it likes`() = waiting {
        val kept = ConcurrentHashMap<String, ByteArray>()
        val cache = object : KeyCache {
            override suspend fun get(name: String): ByteArray? = kept[name]

            override suspend fun put(name: String, bytes: ByteArray) {
                kept[name] = bytes
            }
        }
        val counting = Counting()
        val node = Node.connect(counting, Trust())
        Prover.withCache(cache).prepare(Circuit.NOTE_OPENING, node, null)
        assertContentEquals(Chain.flatKey(Circuit.NOTE_OPENING), kept.values.single())
        val asked = counting.asked.get()
        Prover.withCache(cache).prepare(Circuit.NOTE_OPENING, node, null)
        assertEquals(asked, counting.asked.get())
    }

    @Test
    fun `a fetch that is stopped leaves nothing behind`() = waiting {
        val prover = Prover()
        val stopping = object : Watch {
            override fun report(stage: Stage, done: UInt, total: UInt) = stage != Stage.FETCHING_KEY
        }
        assertFailsWith<ProverException.Cancelled> { prover.prepare(Circuit.NOTE_OPENING, chain.node, stopping) }
        assertEquals(false, prover.isReady(Circuit.NOTE_OPENING))
        prover.prepare(Circuit.NOTE_OPENING, chain.node, null)
        assertEquals(true, prover.isReady(Circuit.NOTE_OPENING))
    }

    @Test
    fun `a key that the node makes up is refused`() = waiting {
        val http = HttpTransport(chain.url)
        val lying = object : Transport {
            override suspend fun send(request: HttpRequest): HttpResponse {
                val answer = http.send(request)
                if (!request.path.startsWith("/v1/proving-keys/")) return answer
                return answer.copy(body = answer.body.copyOf().also { it[it.size - 1] = (it.last() + 1).toByte() })
            }
        }
        val prover = Prover()
        val node = Node.connect(lying, Trust())
        assertFailsWith<ProverException.KeyInvalid> { prover.prepare(Circuit.NOTE_OPENING, node, null) }
        assertEquals(false, prover.isReady(Circuit.NOTE_OPENING))
    }
}
