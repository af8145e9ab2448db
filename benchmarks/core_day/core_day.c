/* The core day of DECLARATION.md, by hand: tiles that stay in the cache, short loops that the compiler turns into vector code, threads that share out the tiles.
 * Build: cc -std=c11 -O3 -march=native -ffp-contract=off -fopenmp -shared -fPIC core_day.c -o core_day.so -lm
 * IEEE arithmetic throughout: no contraction into fused multiply-adds, no fast-math. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#ifndef TILE
#define TILE 1024
#endif
#define CELLS 64
#define BINS 256
#define TOTALS (2 + CELLS + BINS)

typedef uint8_t u8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef uint32_t u32;
typedef uint64_t u64;

typedef struct {
    float *restrict score, *restrict wealth, *restrict income, *restrict disp, *restrict opinion, *restrict mobility, *restrict stress;
    u8 *restrict tier, *restrict group, *restrict flags;
    i16 *restrict days;
} State;

static const float OFTEN[5] = {1.2f, 1.5f, 0.6f, 0.9f, 0.4f}, WEIGHT[5] = {1.5f, 0.8f, 2.0f, 0.5f, 1.0f}, SPREAD[5] = {1.0f, 0.7f, 1.2f, 0.5f, 0.9f};
static const float BIAS[5][4] = {{0.02f, -0.03f, 0.01f, 0.0f}, {0.05f, 0.0f, -0.05f, 0.01f}, {-0.1f, 0.02f, 0.03f, 0.02f}, {0.0f, 0.0f, 0.04f, -0.06f}, {0.01f, -0.02f, 0.0f, 0.03f}};
static const float FACTOR[8] = {0.6f, 0.7f, 0.85f, 1.0f, 1.1f, 1.2f, 1.3f, 0.0f};
static const float CUT[6] = {350, 500, 600, 750, 900, 1050};
static const i32 DUE[8] = {31, 7, 3, 0, 32, 96, 224, 0}, TERM[8] = {90, 60, 30, 0, 30, 60, 90, 0};
static const float SHARE[10] = {1.0f, 1.0f, 0.5f, (float)(1.0 / 3), 0.25f, (float)(1.0 / 5), (float)(1.0 / 6), (float)(1.0 / 7), 0.125f, (float)(1.0 / 9)};
#define MISTAKEN 0.03f
#define SIXTH ((float)(1.0 / 6))

/* Philox4x32-10: four words of luck of one citizen on one day, for one purpose. The rounds stand one after another, so that every compiler makes vector code of them. */
#define ROUND(n) \
    p = (u64)0xD2511F53u * c0, q = (u64)0xCD9E8D57u * c2; \
    c0 = (u32)(q >> 32) ^ c1 ^ (k0 + n * 0x9E3779B9u), c2 = (u32)(p >> 32) ^ c3 ^ (k1 + n * 0xBB67AE85u); \
    c1 = (u32)q, c3 = (u32)p;
static inline __attribute__((always_inline)) void words(u64 slot, u32 day, u64 key, u32 *a, u32 *b, u32 *c, u32 *d) {
    u32 c0 = (u32)slot, c1 = (u32)(slot >> 32), c2 = day, c3 = 0, k0 = (u32)key, k1 = (u32)(key >> 32);
    u64 p, q;
    ROUND(0u) ROUND(1u) ROUND(2u) ROUND(3u) ROUND(4u) ROUND(5u) ROUND(6u) ROUND(7u) ROUND(8u) ROUND(9u)
    *a = c0, *b = c1, *c = c2, *d = c3;
}

static inline float unit(u32 word) { return ((float)(i32)(word >> 9) + 0.5f) * (1.0f / 8388608.0f); }

static inline float normal(u32 word) {
    float v = ((float)(i32)(word >> 9) + 0.5f) * (0.5f / 8388608.0f);
    v = sqrtf(sqrtf(sqrtf(v)));
    float z = 7.416016f + v * (-24.595615f + v * (82.202835f + v * (-201.38222f + v * (266.48132f + v * (-99.11315f + v * (-193.12937f + v * (254.67375f + v * -93.77703f)))))));
    return (word & 256u) ? -z : z;
}

static inline float above(float drawn, float chance) { return drawn > chance ? 1.0f : 0.0f; }

static inline i32 grade_of(float s) {
    i32 t = 0;
    for (int k = 0; k < 6; k++) t += s >= CUT[k];
    return t;
}

static inline u32 published(float score, float opinion) { return (u32)(i32)(score * 32.0f) | ((u32)(i32)(opinion * 65535.0f) << 16); }

static u32 inverse(u32 odd) { /* modulo 4,096 */
    u32 x = odd;
    for (int i = 0; i < 5; i++) x *= 2 - odd * x;
    return x & 4095u;
}

/* The first day: everybody by luck. */
void born(i64 n, const u64 *key, State *s, u32 *restrict word) {
    for (i64 i = 0; i < n; i++) {
        u32 a, b, c, d, e, f, g, h;
        words((u64)i, 0, key[0], &a, &b, &c, &d);
        words((u64)i, 0, key[1], &e, &f, &g, &h);
        float lot = unit(b), share = unit(g);
        s->score[i] = 400.0f + 500.0f * unit(a);
        s->wealth[i] = 100.0f * lot * lot;
        s->income[i] = 20.0f + 60.0f * unit(c);
        s->disp[i] = unit(d);
        s->opinion[i] = unit(e);
        s->mobility[i] = 1.0f;
        s->stress[i] = 0.2f * unit(f);
        s->group[i] = (u8)((share > 0.5f) + (share > 0.8f) + (share > 0.95f));
        s->tier[i] = (u8)grade_of(s->score[i]);
        s->flags[i] = 0;
        s->days[i] = 0;
        word[i] = published(s->score[i], s->opinion[i]);
    }
}

/* One day of everybody: reads yesterday's words, writes today's; totals: 2 + 64 + 256. */
void day(i64 total, u32 today, const u64 *key, State *st, const u32 *restrict yesterday, u32 *restrict word, i64 *restrict totals, int threads) {
    const u32 by[3] = {1229u, 2741u, 3581u}, back[3] = {inverse(1229u), inverse(2741u), inverse(3581u)};
    const u64 far = (u64)total * 381966u / 1000000u, all = (u64)total;
    memset(totals, 0, sizeof(i64) * TOTALS);
    i64 tiles = (total + TILE - 1) / TILE;
#pragma omp parallel num_threads(threads)
    {
        i64 sum = 0, squares = 0;
        u32 cells[4][CELLS], bins[4][BINS];
        memset(cells, 0, sizeof cells);
        memset(bins, 0, sizeof bins);
        u32 luck[12][TILE], cell[TILE], bin[TILE];
        i32 grade[TILE], group[TILE], bits[TILE], left[TILE], due[TILE], term[TILE];
        float evidence[TILE], rate[TILE], heard[TILE], views[TILE], lean[TILE], penalties[TILE], rewards[TILE];
#pragma omp for schedule(static)
        for (i64 tile = 0; tile < tiles; tile++) {
            i64 at = tile * TILE;
            int n = total - at < TILE ? (int)(total - at) : TILE;
            float *restrict score = st->score + at, *restrict wealth = st->wealth + at, *restrict income = st->income + at;
            float *restrict disp = st->disp + at, *restrict opinion = st->opinion + at, *restrict mobility = st->mobility + at;
            float *restrict stress = st->stress + at;
            u8 *restrict tier = st->tier + at, *restrict flags = st->flags + at;
            const u8 *restrict of = st->group + at;
            i16 *restrict days = st->days + at;
            u32 *restrict says = word + at;
            for (int k = 0; k < 3; k++) {
                u32 *restrict a = luck[4 * k], *restrict b = luck[4 * k + 1], *restrict c = luck[4 * k + 2], *restrict d = luck[4 * k + 3];
                u64 own = key[k];
                for (int j = 0; j < n; j++) words((u64)(at + j), today, own, &a[j], &b[j], &c[j], &d[j]);
            }
            for (int j = 0; j < n; j++) grade[j] = tier[j], group[j] = of[j];
            for (int j = 0; j < n; j++) rate[j] = FACTOR[grade[j]] * (0.5f + disp[j]), evidence[j] = 0.0f;
            for (int c = 0; c < 5; c++) {
                const u32 *restrict many = luck[2 * c], *restrict good = luck[2 * c + 1];
                const float often = OFTEN[c], spread = SPREAD[c], weight = WEIGHT[c];
                for (int j = 0; j < n; j++) lean[j] = BIAS[c][group[j]];
#pragma omp simd
                for (int j = 0; j < n; j++) {
                    float mean = often * rate[j], wrong = mean * MISTAKEN, own = mean - wrong;
                    float u = ((float)(i32)(many[j] & 0xFFFFu) + 0.5f) * (1.0f / 65536.0f), v = ((float)(i32)(many[j] >> 16) + 0.5f) * (1.0f / 65536.0f);
                    float x = own * 0.125f;
                    float p = 1.0f + x * (-1.0f + x * (0.5f + x * ((float)(-1.0 / 6) + x * ((float)(1.0 / 24) + x * (float)(-1.0 / 120)))));
                    p *= p;
                    p *= p;
                    p *= p;
                    float s = p, kept = above(u, s);
                    for (int k = 1; k < 10; k++) {
                        p = k == 1 ? p * own : p * own * SHARE[k];
                        s += p;
                        kept += above(u, s);
                    }
                    float none = 1.0f + wrong * (-1.0f + wrong * (0.5f - wrong * SIXTH));
                    float turned = above(v, none) + above(v, none * (1.0f + wrong));
                    float quality = disp[j] - 0.5f + lean[j];
                    evidence[j] += weight * ((kept - turned) * quality + sqrtf(kept + turned) * spread * normal(good[j]));
                }
            }
            for (int j = 0; j < n; j++) {
                u64 slot = (u64)(at + j), start = slot & ~(u64)4095;
                u32 place = (u32)slot & 4095u, turn = (u32)((start * 0x9E3779B97F4A7C15ULL) >> 40), a = 0, b = 0;
                for (u32 k = 0; k < 3; k++) {
                    u32 w = yesterday[start + ((by[k] * place + turn + k * 977u) & 4095u)];
                    a += w & 0xFFFFu, b += w >> 16;
                    w = yesterday[start + ((back[k] * (place - turn - k * 977u)) & 4095u)];
                    a += w & 0xFFFFu, b += w >> 16;
                }
                u64 ahead = slot + far, behind = slot + all - far;
                u32 w = yesterday[ahead < all ? ahead : ahead - all];
                a += w & 0xFFFFu, b += w >> 16;
                w = yesterday[behind < all ? behind : behind - all];
                a += w & 0xFFFFu, b += w >> 16;
                heard[j] = (float)(i32)a * (1.0f / 256.0f), views[j] = (float)(i32)b * (1.0f / 524288.0f);
            }
#pragma omp simd
            for (int j = 0; j < n; j++) {
                float s = score[j];
                s = s + 1.2f * evidence[j] + 0.01f * (650.0f - s) + 0.02f * (heard[j] - s);
                s = s < 0.0f ? 0.0f : s;
                s = s > 1300.0f ? 1300.0f : s;
                score[j] = s;
                grade[j] = grade_of(s);
            }
            for (int j = 0; j < n; j++) due[j] = DUE[grade[j]], term[j] = TERM[grade[j]], bits[j] = flags[j], left[j] = days[j];
#pragma omp simd
            for (int j = 0; j < n; j++) {
                i32 old = bits[j], d = left[j];
                int fresh = (due[j] & ~old) != 0;
                d = d > 0 ? d - 1 : 0;
                d = fresh ? term[j] : d;
                i32 now = fresh ? old | due[j] : (d != 0 ? old : due[j]);
                bits[j] = now, left[j] = d;
                penalties[j] = (float)((now & 1) + ((now >> 1) & 1) + ((now >> 2) & 1) + ((now >> 3) & 1) + ((now >> 4) & 1));
                rewards[j] = (float)(((now >> 5) & 1) + ((now >> 6) & 1) + ((now >> 7) & 1));
            }
            for (int j = 0; j < n; j++) flags[j] = (u8)bits[j], days[j] = (i16)left[j], tier[j] = (u8)grade[j];
#pragma omp simd
            for (int j = 0; j < n; j++) {
                float made = income[j];
                made = made * (1.0f + 0.01f * normal(luck[10][j]) - 0.002f * penalties[j] + 0.0005f * rewards[j]) + 0.001f * (50.0f - made);
                made = made < 0.0f ? 0.0f : made;
                float held = wealth[j] * 0.9995f + 0.02f * made - 0.4f - 0.1f * penalties[j];
                held = held < 0.0f ? 0.0f : held;
                income[j] = made, wealth[j] = held;
                float reach = (bits[j] & 2) ? 0.2f : 1.0f;
                mobility[j] = mobility[j] + 0.1f * (reach - mobility[j]);
                stress[j] = stress[j] + 0.05f * (0.25f * penalties[j] - stress[j]);
                float o = opinion[j];
                o = o + 0.1f * (views[j] - o) + 0.05f * (((float)(i32)(luck[11][j] & 0xFFFFu) - 32767.5f) * (1.0f / 65536.0f));
                o = o + (grade[j] <= 1 ? 0.05f * (1.0f - o) : 0.0f);
                o = o < 0.0f ? 0.0f : o;
                o = o > 1.0f ? 1.0f : o;
                opinion[j] = o;
                disp[j] = disp[j] + 0.001f * (score[j] * (float)(1.0 / 1300) - disp[j]);
                says[j] = published(score[j], o);
                cell[j] = (u32)(group[j] * 16 + ((bits[j] & 31) ? 8 : 0) + grade[j]);
                i32 whole = (i32)held;
                bin[j] = (u32)(whole > 255 ? 255 : whole);
            }
            i64 some = 0, square = 0;
            for (int j = 0; j < n; j++) {
                i64 fine = (i32)(score[j] * 32.0f);
                some += fine, square += fine * fine;
            }
            sum += some, squares += square;
            int j = 0;
            for (; j + 4 <= n; j += 4)
                for (int k = 0; k < 4; k++) cells[k][cell[j + k]]++, bins[k][bin[j + k]]++;
            for (; j < n; j++) cells[0][cell[j]]++, bins[0][bin[j]]++;
        }
#pragma omp critical
        {
            totals[0] += sum, totals[1] += squares;
            for (int k = 0; k < CELLS; k++) totals[2 + k] += (i64)cells[0][k] + cells[1][k] + cells[2][k] + cells[3][k];
            for (int k = 0; k < BINS; k++) totals[2 + CELLS + k] += (i64)bins[0][k] + bins[1][k] + bins[2][k] + bins[3][k];
        }
    }
}
