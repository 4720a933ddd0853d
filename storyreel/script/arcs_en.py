"""Stories in English, beat by beat, for the outline; the Chinese rows' neighbour explains the marks.

`{A}` is the hero in full, `{the}` and `{The}` in short, `{they}`, `{them}`, `{their}` the pronouns, `{When}` and `{at}` the time and place,
`{at2}` and `{at3}` where the story goes, `{goal}` an infinitive, `{does}` the same as a finite verb, `{o}` its object, `{co}` a companion.
`[walks|walk]` takes the first form for one hero and the second for several. The narrator speaks in the present tense.
"""

from __future__ import annotations

from storyreel.script.arcs_more_en import DREAD, MAKING, TALE

HOMECOMING = """
[setup]
{When}, {A} [walks|walk] alone {at}. | {the} alone {at} | EWS
Nobody knows where {they} [comes|come] from, and nobody asks where {they} [is|are] going. | {the} among the feet of passers-by | FS
{They} [remembers|remember] one lit window, and the voices behind it. | one lit window in the distance | WS tender
[desire]
There is only one thing on {their} mind: to {goal}. | {the} looking up at distant lights | MCU
The way is long, but stopping is not an option. | {the} walking on, step by step, {at} | WS
[obstacle]
But every road looks the same. | {the} at a crossroads, looking left and right | WS afraid
One door opens for a moment, and closes again. | a door closing in front of {the} | MS sad
So {they} [waits|wait] in a corner, and [listens|listen] to {their} own heartbeat. | {the} huddled in a corner | CU sad
By the time {they} [reaches|reach] {there2}, {they} [has|have] almost no strength left. | {the}, tired, stopping {at2} | FS tired
Day after day, {the} {doing}. | {the} {doing} | MS
[turn]
Then, just before giving up, a sound. One {they} [knows|know]. | {the} suddenly looking up | CU surprised
It is faint, but there is no mistaking it. | {the} turning towards a sound | MCU
[climax]
{They} [runs|run], past everything {at3}, towards the light. | {the} running towards a light | FS
This time, the door stays open. | an open door, warm light on {the} | MS happy
And that is how {the} {does}. | {the} in front of a lit door | WS happy
[resolution]
Home, it turns out, is not an address. It is someone who waits. | {the} safe beside someone, a lit window | MS tender ?home
Sometimes you have to go that far to learn what coming back means. | {the} sitting quietly in the lamplight | MS tender
The road outside is still the same road. It just isn't lonely any more. | one lit window in the dark | EWS
"""
JOURNEY = """
[setup]
{When}, {A} [sets|set] out from {there}. | {the} setting out, long shadows, {at} | EWS
There is not much to carry, and a long way to go. | {the} with a small backpack | FS @person
{They} [has|have] never gone this far before. | {the} pausing at a fork in the road | WS
People say there is nothing out there. | an empty road to the horizon | EWS
[desire]
But {the} [wants|want] one thing: to {goal}. | {the} watching the horizon | MCU
Someone has to find out where the road ends. | the horizon reflected in the eyes of {the} | CU
{They} [doesn't|don't] look back, because the answer isn't there. | {the} seen from behind, walking away | WS
[obstacle]
Then, {at2}, the path simply stops. | {the} {at2}, no path ahead | WS
Every step is a tug of war with the wind. | {the} leaning into the wind | FS tired
{They} [falls|fall], and [gets|get] up, and [falls|fall] again. | {the} getting up from the ground | FS sad @person
In the coldest hour, turning back looks like a good idea. | {the} curled up in the dark | CU sad
Day after day, {the} {doing}. | {the} {doing} | MS
[turn]
And then a light, very small, that refuses to go out. | {the} looking up at a small light in the dark | CU surprised
A stranger shares half a loaf of warm bread, and asks no questions. | a hand offering warm bread | CU tender @person
That is when the fear begins to feel like company. | {the} taking a deep breath, standing straight | MCU
[climax]
The last stretch, {they} [runs|run]. | {the} running {at3} | FS happy
The clouds part, and there is the whole world below. | {the} on high ground, wide land below | EWS happy
{There3}, {the} {does}. | {the} standing {at3} | WS happy
[resolution]
What {they} came to find was never at the end of the road. It was on it. | {the} smiling to one side | CU happy @person
The far away was waiting all along, not early, and not late. | {the} looking out quietly | MS
The story doesn't end here. There is more road. | {the} walking on, smaller and smaller | EWS
"""
BOND = """
[setup]
{When}, {at}, {A} [is|are] used to being alone. | {the} alone {at} | EWS
One day turns into the next, like the same page read twice. | {the} doing the same thing as every day | MS
It has been a long time since anyone said good morning. | {the} looking out of a window | MCU sad @person
Until the day {co} appears. | {the} seeing {co} for the first time | WS surprised
[desire]
{The} [pretends|pretend] not to care, and [looks|look] again. | {the} glancing back | CU
There is a wish to come closer, and the fear of breaking something. | {the} slowly reaching out a hand | CU tender @person
It takes a while to admit what {they} really [wants|want]: to {goal}. | {the} lost in thought | MCU
[obstacle]
But coming closer is never simple. | {the} standing a few steps away | WS
One word left unsaid, and the distance grows. | {the} walking away alone {at2} | WS sad
So {they} [goes|go] off alone, and [listens|listen] to the wind {at2}. | {the} {at2} in the wind | FS sad
Time is slow when you are waiting. | {the} watching the time pass | CU sad
[turn]
Sometimes one small gesture is enough. | {the} gently setting something down | CU tender @person
And one day {co} does not leave. | {co} staying beside {the} | MS tender
At last {the} [takes|take] one step forward. | {the} taking one step forward | FS
[climax]
And {at3}, side by side with {co}, the waiting is over. | {the} and {co} side by side {at3} | MS happy
{The} [smiles|smile], like something that took all winter to bloom. | a smile on the face of {the} | CU happy @person
That is the moment {the} {does}. | {the} standing in the light | MS happy
For a moment, everything {at3} holds its breath. | light slowly rising {at3} | EWS
[resolution]
The days afterwards are the same days, and nothing about them is the same. | {the} and {co} sitting together | WS happy
The days afterwards are the same days. They are just no longer lonely. | {the} sitting quietly, with a gentle look | WS tender
Call it friendship. Call it home. | warm lights {at3} | EWS
"""
MYSTERY = """
[setup]
{When}, something happens {at} that nobody can explain. | {at}, one lamp flickering | EWS
{A} [is|are] the first to arrive. | {the} stepping in and looking around {at} | FS
There is one thing on the ground that should not be there. | an old key on the ground | ECU
[desire]
There is only one way to rest: to {goal}. | {the} crouching down over a clue | MCU
Everyone calls it an accident. {The} [does|do] not. | {the} looking up, determined | CU
[obstacle]
The trail goes cold {at2}. | {the} {at2}, nobody around | WS
Someone is watching from the dark. | a shadow watching {the} from afar | WS afraid
Everybody tells half of the truth. | strange faces, half in shadow | CU
Every clue is back on the table, and one piece is still missing. | {the} staring at photographs on a table | CU tired @person
Night after night, {the} {doing}. | {the} {doing} | MS
[turn]
And then, there it is. It has been in plain sight all along. | {the}, eyes wide | ECU surprised
The key was never meant for a door. | an old key under a lamp | ECU
[climax]
There are only minutes left to get to {there3}. | {the} running {at3} | FS
The light comes on, and the answer is standing right there. | a sudden light, {the} stopping short | MS surprised
{There3}, {the} {does}. | {the} face to face with the truth | WS
[resolution]
The truth, in the end, is as light as a sigh. | {the} breathing out slowly | CU sad
It is quiet again {at3}. Only {the} [knows|know] what happened. | {the} walking away {at3} | WS
The case is closed. The key stays in a pocket. | an old key in the palm of a hand | ECU @person
"""
DISCOVERY = """
[setup]
{When}, {A} [arrives|arrive] {at}, and nothing happens. | {the} standing {at} | EWS
Or so it seems. | {at}, as quiet as a painting | WS
Something is hidden here. It is only a feeling, but it won't go away. | {the} looking around with curiosity | MCU
[desire]
An idea takes hold: to {goal}. | {the} with bright eyes | CU happy
It is a question nobody has asked, and {they} [needs|need] the answer. | {the} leaning in to look | CU
[obstacle]
The first try fails. | {the} looking at a mess | MS sad
So does the second. | {the} with a lowered head | MCU sad
And {at2}, even the sense of direction is gone. | {the} lost {at2} | EWS
Everyone says to let it go. {The} [says|say] nothing. | {the} sitting alone | WS sad
Day after day, {the} {doing}. | {the} {doing} | MS
[turn]
Then something changes, so small that only {the} could have noticed. | {the} holding still, very close | ECU surprised
Seen from another side, nothing is the same. | {the} tilting {their} head | MCU
[climax]
Light comes through a gap, and everything {at3} is suddenly clear. | light flooding {at3}, {the} in the light | EWS surprised
That is the moment {the} {does}. | {the} amazed by what is there | CU happy
It is the most beautiful thing {they} [has|have] ever seen. | {the} gazing up at the light | MS happy
[resolution]
The world hasn't changed. The way of looking at it has. | light reflected in the eyes of {the} | ECU
One line in a notebook: today, it began. | {the} writing one line in a notebook | CU @person
And this is only the beginning. | {the} walking towards a distant light | EWS
"""
DREAM = """
[setup]
{When}, {at}, {A} [starts|start] another day. | {the} at work {at} | EWS
There is no audience, and no applause. | empty space {at} | WS
There is only one thought more than other people have. | {the} gazing ahead | MCU
[desire]
The thought is simple: to {goal}. | {the} with clenched hands | CU @person
The thought is simple: to {goal}. | {the} looking up with bright eyes | CU @animal
The thought is simple: to {goal}. | {the} in a glimmer of light | CU @thing
It sounds like a joke. {The} [is|are] serious. | {the} with a serious look | MCU
[obstacle]
The first try earns nothing but laughter. | {the} failing, people laughing around | WS sad
The tenth try is no better. | {the} starting all over again | MS tired
There is an hour {at2} when it is almost over. | {the} sitting {at2}, head down | FS sad
The night is long, and takes its time. | {the} alone in the dark | CU sad
And every single day, {the} {doing}. | {the} {doing} | MS
[turn]
But in the morning, {the} [gets|get] up again. | {the} slowly rising in the morning light | FS
Someone puts down a cup of hot tea, and says: once more. | a steaming cup of tea on a table | CU tender @person
The only one to beat, it turns out, is yesterday. | {the} and a reflection in the water | MCU
[climax]
This time, there is no hesitation. | {the} taking a deep breath {at3} | CU
Every hour of practice comes back in a single second. | {the} giving it everything | FS
{There3}, {the} {does}. | {the} in the light | WS happy
[resolution]
There is applause, somewhere. {The} only [hears|hear] a heartbeat. | {the} smiling with closed eyes | CU happy @person
The dream was never far away. It was in every day without giving up. | {the} looking back at the road | MS
Tomorrow, it goes on. | {the} walking in the morning light | EWS
"""
EXPLAINER = """
[setup]
Have you ever wondered {ask} | a person looking up at the night sky | EWS
Everyone has heard a little about {the}. | {the} | WS
But try to explain it, and the words run out. | a person thinking, a question mark above | MCU
[desire]
Give it {minutes}, and {the} will make sense. | an open book on a table, {the} | MS
Forget the technical terms for now, and just look. | {the}, close | CU
[obstacle]
Step one: start with the simplest part. | {the}, the simplest part | CU
Step two: see how the parts hold together. | {the}, the parts together | MS
Step three: find the one change that matters. | {the}, the key change | ECU
Here is where most people get stuck, because it feels the wrong way round. | a puzzled person looking at {the} | MCU surprised
[turn]
Turn it around, and the answer is right there. | a light bulb coming on, {the} | CU
Think of a puzzle: one piece at a time, and then you see the picture. | puzzle pieces on a table | CU
[climax]
Now look at {the} again. Clearer, isn't it? | {the} as a whole | EWS
Every step has its reason. | {the}, unfolding step by step | WS
[resolution]
That is the secret of {the}: begin with a good question. | a person closing a book and smiling | MS happy
Next time somebody asks, you can tell them. | two people talking at a table | WS happy
"""
ADVERT = """
[setup]
{When}, {at}, a new day begins. | first light {at} | EWS
Some days are a rush. Some go on and on. | a busy crowd | WS tired
[desire]
All you really want is something that feels just right. | a person pausing at a window | MCU
Something like {the}. | {the} on a table in soft light | CU
[obstacle]
When life gets busy, we forget to look after ourselves. | a tired person at a desk full of papers | MS tired
Good enough, once or twice, becomes a habit. | a clock on the wall | CU
[turn]
{The} [gives|give] that moment back to you. | two hands holding {the} | CU tender
No need to wait for the weekend. | {the}, steam rising | ECU
[climax]
{The}. Right where you are. | {the} in the centre | ECU
A little care goes a long way. | a smiling person with {the} | MS happy
At work, at home, {at3}: whenever you need it. | people laughing together {at3}, {the} beside them | WS happy
[resolution]
{The}. Make an ordinary day a little less ordinary. | {the} in soft light | CU
Start today, with {the}. | {the}, {at3} behind | WS
"""
LONGING = """
[setup]
{When}, {A} [comes|come] back to {there}. | {the} alone {at} | EWS
The same place, the same hour, so many times by now. | a clock on the wall, {the} standing still | WS
So many people pass, and never the right one. | a crowd passing, {the} standing still | WS sad
[desire]
There is one thing that will not let go: to {goal}. | {the} looking into the distance | MCU sad
Some names don't have to be said to be heard. | {the} looking down with a tender face | CU tender
There was a light that day, and a hand waving. | a hand waving against the light | MS tender
[obstacle]
Days go by, and no news comes. | {the} looking at an empty place {at} | WS sad
People say: forget. {The} only [shakes|shake] {their} head. | {the} slowly shaking {their} head | MCU sad
What cannot be said is told to the wind {at2}. | {the} {at2} in the wind | FS sad
Memory turns yellow at the edges, like an old photograph. | an old yellowed photograph | ECU
Year after year, {the} {doing}. | {the} {doing} | MS
[turn]
Then, one day, there is something familiar. | {the} stopping, eyes wide | CU surprised
Those days never went far. They were here all the time. | light falling on an old keepsake | ECU tender
[climax]
At last there are tears, and then a smile. | {the} smiling through tears | CU sad
And {at3}, very quietly: I am all right. | {the} {at3}, speaking softly | MS tender
All the days of waiting turn into light. | light slowly rising {at3} | EWS
[resolution]
Some people do not come back. Love does not leave. | {the} looking up at the sky | WS tender ?lost|never|died|death|late |gone|widow
The longing isn't over. It has only found a gentler way to stay. | {the} walking away in the light | WS tender
Tomorrow, perhaps, again. Perhaps not. | an empty place {at}, still full of light | EWS
"""
COURAGE = """
[setup]
{When}, {at}, nobody expects what is about to happen. | {at}, strangely quiet | EWS
{A} [keeps|keep] watch, as on any other day. | {the} standing {at} | FS
Not tall, not strong. Nobody's idea of a hero. | the calm face of {the} | MCU
[desire]
But now there is only one thought: to {goal}. | {the} looking up, determined | CU
Somebody has to step forward. | {the} taking one step forward | FS
[obstacle]
The first blow knocks {them} down. | {the} falling to the ground | WS afraid
Everything {at2} is noise and confusion. | {the} in the middle of chaos {at2} | EWS afraid
Strength drains away, a little at a time. | {the} out of breath | CU tired
For one second, there is fear. | fear in the eyes of {the} | ECU afraid
And all the while, {the} {doing}. | {the} {doing} | MS
[turn]
And then the reason for being here comes back. | {the} closing {their} eyes, and opening them | CU
{The} [grits|grit] {their} teeth, and [gets|get] up once more. | {the} slowly getting up | FS angry
[climax]
With everything that is left, {the} [goes|go] forward. | {the} charging ahead | FS
Time stands still. There is only a heartbeat. | {the} as a shape against the light | MS
{There3}, {the} {does}. | {the} {at3}, light breaking through clouds | WS happy
[resolution]
The wind drops. It is quiet again {at3}. | {the} resting {at3} | EWS
No applause. Only dust to brush off. | {the} brushing off the dust | MS tired @person
To be brave is not to be without fear. It is to be afraid, and to go on. | {the} standing against the light | WS happy
"""
TOGETHER = """
[setup]
{When}, {A} and {co} come to {there} together, as always. | {the} and {co} {at} | EWS
The same way, so many times that it knows their steps. | {the} and {co} from behind, long shadows | WS
{Co} goes first, and {the} follows, in no hurry at all. | {co} in front, {the} behind | FS
[desire]
It doesn't take much to be happy: to {goal}, that is enough. | {the} looking at {co} with a smile | MCU happy
Some things don't need saying between friends. | {the} and {co} looking at each other | CU tender
If only every day could be like this one. | {the} looking far away, {co} close by | MS
[obstacle]
But time always walks a little faster. | an old photograph of {the} and {co} | CU sad
And one day, {at2}, they lose each other. | {the} looking around {at2} | WS afraid
{The} [searches|search], and [calls|call], and [searches|search] again. | {the} calling out, nobody around | FS afraid
Without {co}, the way is suddenly very long. | {the} alone on a long road | EWS sad
[turn]
Then there is a sound, and {the} [turns|turn] around. | {the} turning around suddenly | CU surprised
All this time, {co} was waiting in the old place. | {co} waiting in the old place | MS tender
[climax]
And {at3}, {the} [holds|hold] {co} close, and [doesn't|don't] let go. | {the} holding {co} close {at3} | MS happy
There is nothing to say, and nothing missing. | {the} and {co} close together in soft light | CU tender
[resolution]
After that they walk more slowly, as if to remember every step. | {the} and {co} walking away into the sunset | EWS happy
That is all it means, to be together: the ordinary days, side by side. | {the} and {co} sitting side by side | WS tender
Tomorrow, they will come again. | two lines of footprints, {at} | EWS
"""
ARCS = {
    "homecoming": HOMECOMING, "journey": JOURNEY, "bond": BOND, "mystery": MYSTERY, "discovery": DISCOVERY, "dream": DREAM,
    "longing": LONGING, "together": TOGETHER, "courage": COURAGE, "tale": TALE, "making": MAKING, "dread": DREAD, "explainer": EXPLAINER, "advert": ADVERT,
}  # fmt: skip

COLOURS = {
    "rain": (("Rain taps on the roofs, like somebody at the door.", "rain dripping from the eaves"), ("The harder it rains, the emptier it gets.", "{the} in the rain, nobody else around")),
    "storm": (("Lightning turns the whole sky white.", "lightning across the sky, {the} looking up"), ("The wind rises, and everything begins to shake.", "a storm {at2}")),
    "snow": (("The snow has covered every footprint.", "footprints in the snow on a quiet road"), ("Snow comes down without a sound.", "snowflakes falling on {the}")),
    "fog": (("The fog is so thick that ten steps away there is nothing.", "{the}, a mere shape in the fog"), ("In the fog, near and far sound the same.", "{the} stopping in the fog")),
    "cloudy": (("The clouds hang low, as if waiting for a decision.", "{the} under low clouds"),),
    "dawn": (("The first light touches the edge of the sky.", "the first light, the outline of {the}"), ("Morning settles on everything, very gently.", "morning light on {the}")),
    "day": (("The sun is high, and the shadows are short.", "{the} and a short shadow in the sun"),),
    "dusk": (("The setting sun makes every shadow long.", "{the} with a long shadow at sunset"), ("Little by little, the light goes.", "lamps coming on at dusk {at}")),
    "night": (("It is late, and only one lamp is still lit.", "{the} beside the one lit lamp in the night"), ("At night, every small sound counts.", "{the} stopping to listen in the night")),
}  # fmt: skip
DETAILS = {
    "city": ("a street lamp coming on", "reflections in a puddle", "roofs and aerials against the sky", "the last bus turning a corner", "one lit window in a wall"),
    "sea": ("waves breaking on rocks", "seagulls over the water", "the light of a boat far out", "footprints in the sand", "the moon on the sea"),
    "water": ("ripples on the water", "light through the water", "a stream over stones", "reeds moving gently", "one leaf on the water"),
    "nature": ("wind in the grass", "light through leaves", "a stream over stones", "the outline of far mountains", "one leaf falling slowly"),
    "room": ("a cup of hot tea on the table", "a curtain moving in the wind", "a clock ticking on the wall", "light under a door", "a plant on the window sill"),
    "space": ("stars outside the porthole", "lights blinking on a console", "the earth rising slowly", "a pencil floating in the air", "a silent hatch"),
}  # fmt: skip
BODY = {
    "person": ("the hands of {the}", "the eyes of {the}", "{the} from behind", "{the} from the side", "the footsteps of {the}"),
    "animal": ("the eyes of {the}", "the footsteps of {the}", "{the} from behind", "{the} listening", "the shadow of {the}"),
    "thing": ("{the} up close", "the shadow of {the}", "light falling on {the}", "{the} in the wind", "the outline of {the}"),
    "topic": ("{the} up close", "the outline of {the}", "pages turning, {the}", "a drawing of {the}", "{the} beside a lamp"),
}  # fmt: skip
