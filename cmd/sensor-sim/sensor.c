#include "sensor.h"

#include "base/clock.h"

#include <math.h>

#define DAY          (86400 * CLOCK_SECOND)
#define TURN         6.283185307179586                    /* radians */
#define COUNTERS_ERA (INT64_C(1577836800) * CLOCK_SECOND) /* counters start at 2020-01-01 */

const char *const sensor_type_names[SENSOR_TYPES + 1] = {
    [SENSOR_CLIMATE] = "climate", [SENSOR_POWER] = "power", [SENSOR_VIBRATION] = "vibration",
    [SENSOR_LEVEL] = "level",     [SENSOR_DOOR] = "door",   [SENSOR_GPS] = "gps",
};

static double clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

/* Days since the counters' era; never negative. */
static double era_days(int64_t time)
{
	return time < COUNTERS_ERA ? 0 : (double)(time - COUNTERS_ERA) / (double)DAY;
}

/* Angle of the daily curve, whose sine is highest at 15:00 UTC; the sensor's phase shifts it by up
 * to two hours either way. */
static double day_angle(const struct sensor *s, int64_t time)
{
	return TURN * ((double)(time % DAY) / (double)DAY - 9.0 / 24 + (s->phase - 0.5) / 6);
}

static double day_curve(const struct sensor *s, int64_t time)
{
	return sin(day_angle(s, time));
}

/* Falls from 100 % to 10 % in 60 to 120 days, then is changed. */
static double battery(const struct sensor *s, int64_t time)
{
	double life = 60 + 60 * s->size;

	return 100 - 90 * fmod(era_days(time) + life * s->phase, life) / life;
}

static void measure_climate(struct sensor *s, int64_t time, struct sample *out)
{
	double day = day_curve(s, time);
	double temperature = 14 + 10 * s->size + 6 * day + 2 * s->drift +
	                     0.05 * random_noise(&s->random);
	double humidity = 62 - 14 * day + 6 * s->drift + 0.4 * random_noise(&s->random);
	double weather = sin(TURN * era_days(time) / 3.7);
	double pressure = 1013 - 40 * s->size + 9 * weather + 0.05 * random_noise(&s->random);

	sample_number(out, SLICE("temperature"), temperature, 2);
	sample_number(out, SLICE("humidity"), clamp(humidity, 0, 100), 1);
	sample_number(out, SLICE("pressure"), pressure, 2);
	if (random_unit(&s->random) < 0.75)
		sample_number(out, SLICE("battery"), battery(s, time), 0);
}

static void measure_power(struct sensor *s, int64_t time, struct sample *out)
{
	double mean = 200 + 4800 * s->size * s->size; /* watts */
	double swing = 0.6;
	double voltage = 230 + 1.2 * random_noise(&s->random);
	double power = mean * (1 + swing * day_curve(s, time)) *
	               (1 + 0.02 * random_noise(&s->random));
	/* The curve's integral: it never falls, whatever the noise. */
	double days = era_days(time) - swing / TURN * cos(day_angle(s, time)) + 1;

	sample_number(out, SLICE("voltage"), voltage, 1);
	sample_number(out, SLICE("current"), power / voltage, 3);
	sample_number(out, SLICE("power"), power, 1);
	sample_number(out, SLICE("energy"), mean * 24 / 1000 * days, 3);
	sample_number(out, SLICE("frequency"), 50 + 0.02 * random_noise(&s->random), 3);
}

/* A machine that works two thirds of the day. */
static void measure_vibration(struct sensor *s, int64_t time, struct sample *out)
{
	double load = day_curve(s, time) > -0.5 ? 1 : 0.04;
	double level = load * (1.2 + 3 * s->size + 0.3 * s->drift);
	double x = level * (1 + 0.08 * random_noise(&s->random));
	double y = level * (0.8 + 0.08 * random_noise(&s->random));
	double z = level * (0.5 + 0.05 * random_noise(&s->random));
	double peak = level * (1.8 + 0.1 * random_noise(&s->random));
	double temperature = 24 + 30 * load + 4 * s->drift + 0.1 * random_noise(&s->random);

	sample_number(out, SLICE("rms_x"), fabs(x), 3);
	sample_number(out, SLICE("rms_y"), fabs(y), 3);
	sample_number(out, SLICE("rms_z"), fabs(z), 3);
	sample_number(out, SLICE("peak"), fabs(peak), 3);
	sample_number(out, SLICE("temperature"), temperature, 1);
}

/* A tank, drained by day and filled by night, now and then with a sensor that reports a fault. */
static void measure_level(struct sensor *s, int64_t time, struct sample *out)
{
	double height = 2 + 10 * s->size, area = 3 + 9 * s->size;
	double share = 0.5 - 0.42 * day_curve(s, time) + 0.03 * s->drift;
	double level = clamp(height * share + 0.002 * random_noise(&s->random), 0, height);
	struct slice status = SLICE("ok");

	if (random_unit(&s->random) < 0.0005)
		status = SLICE("fault");
	else if (share < 0.15)
		status = SLICE("low");
	else if (share > 0.85)
		status = SLICE("high");
	sample_number(out, SLICE("level"), level, 3);
	sample_number(out, SLICE("volume"), level * area, 3);
	sample_text(out, SLICE("status"), status);
}

/* Opens once in each stretch of 3 to 15 minutes, at a place in it and for a time that a hash of the
 * stretch's number gives. */
static void measure_door(struct sensor *s, int64_t time, struct sample *out)
{
	double stretch = (180 + 720 * s->size) / 86400; /* days */
	double at = era_days(time) / stretch + s->phase;
	double number = floor(at);
	struct random of_stretch = random_stream((uint64_t)number, s->number);
	double opens = random_between(&of_stretch, 0.05, 0.5);
	double closes = opens + random_between(&of_stretch, 0.02, 0.4);
	double within = at - number;

	sample_flag(out, SLICE("open"), within >= opens && within < closes);
	sample_number(out, SLICE("opens"), number + (within >= opens), 0);
	sample_number(out, SLICE("battery"), battery(s, time), 0);
}

/* One step of a walk: a vehicle whose heading and speed wander, drawn back towards its home. */
static void walk(struct sensor *s, double seconds)
{
	const double metres_per_degree = 111320, reach = 0.2; /* degrees */
	double home_latitude = 47 + 6 * s->size, home_longitude = 7 + 8 * s->phase;
	double north = s->latitude - home_latitude, east = s->longitude - home_longitude;
	double pace = sqrt(fmin(seconds, 60));
	double metres;

	s->heading += 0.15 * pace * random_noise(&s->random);
	s->speed = clamp(s->speed + 0.4 * pace * random_noise(&s->random), 0, 33);
	if (north * north + east * east > reach * reach)
		s->heading = atan2(-east, -north);
	metres = s->speed * fmin(seconds, 60);
	s->latitude += metres * cos(s->heading) / metres_per_degree;
	s->longitude += metres * sin(s->heading) /
	                (metres_per_degree * cos(s->latitude * TURN / 360));
}

static void measure_gps(struct sensor *s, int64_t time, struct sample *out)
{
	double luck = random_unit(&s->random);

	if (s->last != INT64_MIN)
		walk(s, (double)(time - s->last) / (double)CLOCK_SECOND);
	sample_number(out, SLICE("latitude"), s->latitude, 6);
	sample_number(out, SLICE("longitude"), s->longitude, 6);
	sample_number(out, SLICE("altitude"),
	              120 + 400 * s->size + 20 * s->drift + 1.5 * random_noise(&s->random), 1);
	sample_number(out, SLICE("speed"), s->speed, 2);
	sample_number(out, SLICE("satellites"), luck < 0.02 ? 3 : floor(6 + 8 * luck), 0);
	sample_text(out, SLICE("fix"), luck < 0.02 ? SLICE("2d") : SLICE("3d"));
}

void sensor_init(struct sensor *s, enum sensor_type type, uint32_t number, uint64_t seed)
{
	*s = (struct sensor){.type = type, .number = number, .last = INT64_MIN};
	s->random = random_stream(seed, number);
	s->phase = random_unit(&s->random);
	s->size = random_unit(&s->random);
	s->latitude = 47 + 6 * s->size;
	s->longitude = 7 + 8 * s->phase;
	s->heading = random_between(&s->random, 0, TURN);
	s->speed = random_between(&s->random, 5, 20);
}

void sensor_measure(struct sensor *s, int64_t time, struct sample *sample)
{
	static void (*const measure[SENSOR_TYPES])(struct sensor *, int64_t, struct sample *) = {
	    [SENSOR_CLIMATE] = measure_climate,     [SENSOR_POWER] = measure_power,
	    [SENSOR_VIBRATION] = measure_vibration, [SENSOR_LEVEL] = measure_level,
	    [SENSOR_DOOR] = measure_door,           [SENSOR_GPS] = measure_gps,
	};

	sample->time = time;
	sample->count = 0;
	/* A mean-reverting walk (Ornstein-Uhlenbeck in steps of one sample), deviation about 0.5.
	 */
	s->drift += -0.001 * s->drift + 0.022 * random_noise(&s->random);
	measure[s->type](s, time, sample);
	s->last = time;
}
