package org.louver.sdk

import example.firstPayment
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import kotlin.test.Test
import kotlin.test.assertTrue

/** The example of README.md, as it stands there. */
class ReadmeTest {
    @Test
    fun `the first ten minutes`() = Chain().use { chain ->
        val (before, said) = System.out to ByteArrayOutputStream()
        System.setOut(PrintStream(said, true, Charsets.UTF_8))
        try {
            waiting { firstPayment(chain.url, chain.folder) }
        } finally {
            System.setOut(before)
        }
        val lines = said.toString(Charsets.UTF_8).trim().lines()
        assertTrue("the fee is 0.001 LVR" in lines, "$lines")
        assertTrue(lines.last() == "coffee, for a year: 12.50 LVR", "$lines")
    }
}
