// SPDX-License-Identifier: Apache-2.0
#include "topic.h"

namespace signalbox::sample {

namespace {

using enum AskUse;

constexpr Topic kTopics[] = {
    {.id = "pairing",
     .title = "Pairing the {item}",
     .about = "pairing your {item}",
     .facts = {{.spellings = {"2.4 GHz", "2.4GHz"},
                .says = {"Your phone has to be in the 2.4 GHz network while you pair.",
                         "The {item} only speaks 2.4 GHz, so switch the phone to that network.",
                         "Use the 2.4 GHz band of your router."},
                .misses = {"Your phone has to be in the right network."}},
               {.spellings = {"ten seconds", "10 seconds"},
                .says = {"Hold the button for ten seconds until the light blinks.",
                         "Ten seconds on the button put it into pairing mode.",
                         "Press the button for ten seconds, then let go."},
                .misses = {"Press the button until something happens."}},
               {.spellings = {"three metres", "3 metres", "3 m"},
                .says = {"Stay within three metres of the hub.",
                         "For pairing, the distance to the hub should be under three metres.",
                         "Bring it within three metres of the hub."},
                .misses = {"Stay close to the hub."}}},
     .asks =
         {{"The {item} won't pair. What can I do?", 0b011, Opener},
          {"app does not find the {item}", 0b111, Opener},
          {"How do I put it into pairing mode?", 0b010},
          {"Which wifi does it need?", 0b001},
          {"How close does it have to be?", 0b100, FollowUp},
          {"light doesn't blink at all", 0b010, FollowUp},
          {"My router has two networks, which one?", 0b001, FollowUp},
          {"The app asks for a setup code, then finds nothing. Which network?", 0b001},
          {"Since yesterday evening I have been trying to get the {item} into the app. I scanned "
           "the code "
           "on the bottom, the circle turns for a while and then it says that nothing was found. "
           "The router stands in the hall, the phone is new and everything else in the house works "
           "fine with it. Please tell me step by step what I have to do.",
           0b111, Opener},
          {"That was a good hint, one of them is in the app now. The other one is meant for the "
           "shed at "
           "the far end of the garden, and with that one the code is read but it gives up half "
           "way. "
           "I have held the button, but perhaps not for long enough. Please tell me again what I "
           "should pay attention to.",
           0b110, FollowUp},
          {"Should I hold the button the whole time?", 0b010, FollowUp},
          {"I have put up six of your sensors without any trouble, but the {item} does not want to "
           "be found. In the app I can choose between scanning the code and searching, and I tried "
           "both, standing right in front of it and also from the kitchen. The wifi is a new one "
           "from my provider with a single name for everything. The light on the device stays dark "
           "all the time. Please tell me what I should try in which order.",
           0b111, Either}},
     .steps = {"Switch on Bluetooth on your phone.", "Plug in the device beside the hub.",
               "Tap the plus in the app.", "Move the device to its place when it is done."},
     .details = {"The app needs the permission to see nearby devices.",
                 "A device that belongs to another account does not pair.",
                 "The light turns green at the end.",
                 "The place where it works later can be further away.",
                 "Thick walls matter more than distance."},
     .cautions = {"Please switch off a VPN on the phone while you pair.",
                  "Some routers may join both bands under one name."}},

    {.id = "error-42",
     .title = "Error 42",
     .about = "error 42 on your {item}",
     .facts = {{.spellings = {"firmware 3.2", "version 3.2"},
                .says = {"Error 42 is gone with firmware 3.2.",
                         "Install firmware 3.2, which mends this error.",
                         "You need firmware 3.2 or later."},
                .misses = {"Install the newest update."}},
               {.spellings = {"by cable", "ethernet", "network cable"},
                .says = {"If the update stops, connect the hub by cable and try again.",
                         "An update by cable does not break off.",
                         "Connect the hub to the router by cable for the update."},
                .misses = {"If the update stops, try it again later."}},
               {.spellings = {"settings are kept", "keeps its settings", "settings stay"},
                .says = {"Your settings are kept.", "All settings are kept during the update.",
                         "The device keeps its settings."},
                .misses = {"You may have to set up some things again."}}},
     .asks =
         {{"What does error 42 mean?", 0b001, Opener},
          {"hub shows 42 and nothing works", 0b011, Opener},
          {"Which version do I need?", 0b001},
          {"The update stops at half. What now?", 0b010},
          {"Do I lose my scenes when I update?", 0b100},
          {"tried it three times, always stops", 0b010, FollowUp},
          {"Is everything still there afterwards?", 0b100, FollowUp},
          {"What is error code 42?", 0b001, Opener},
          {"This morning the {item} and all lamps on the first floor stopped reacting. In the app "
           "there "
           "is a red bar and the error code that I put below. I have not changed anything in the "
           "last days. Please tell me what is wrong and how I get it to run again.\n{log}",
           0b011, Opener},
          {"Now it got further than before, but then it stopped again, and the code has come back. "
           "What I "
           "am most afraid of is that in the end all my scenes are gone, as I made them over a "
           "whole "
           "winter. Here is what the app has written down in the meantime.\n{log}",
           0b110, FollowUp},
          {"Do I need a cable for the update?", 0b010, FollowUp},
          {"Our hub has been in the cellar of the club house for two years, and nobody ever had to "
           "look after it. Now every Sunday evening the lights stay on, and in the list I find the "
           "error code that others have reported too. I am not a technical person and would rather "
           "not break anything before the big party on {day}. Please tell me what has to be done, "
           "and whether the settings of the former caretaker will survive it.\n{log}",
           0b101, Opener}},
     .steps = {"Open the device in the app.", "Tap \"About\" and look at the number.",
               "Start the update and keep the app open.", "Restart the hub when it is done."},
     .details = {"The update takes about six minutes.", "The light is blue while it runs.",
                 "Devices are updated one after the other.",
                 "A failed update never breaks the device.", "You can let it run at night."},
     .cautions = {"Please do not pull the plug while the light is blue.",
                  "Very old hubs may need two rounds."}},

    {.id = "webhook",
     .title = "Checking webhook signatures",
     .about = "webhook signatures",
     .hardness = Hardness::Hard,
     .facts = {{.spellings = {"HMAC-SHA256", "HMAC SHA256", "HMAC-SHA-256"},
                .says = {"The signature is an HMAC-SHA256 of the message with your webhook secret.",
                         "Compute an HMAC-SHA256 with your webhook secret and compare the two.",
                         "We sign with HMAC-SHA256 and the secret from your developer page."},
                .misses = {"The signature is a checksum of the message."}},
               {.spellings = {"raw body", "raw request body", "unparsed body"},
                .says = {"Sign the raw body, before anything parses it.",
                         "It has to be the raw body: parsing and writing JSON again changes bytes.",
                         "Take the raw body of the request, byte for byte."},
                .misses = {"Sign the JSON that you have received."}},
               {.spellings = {"constant time", "constant-time"},
                .says = {"Compare the two in constant time.", "Use a constant-time comparison.",
                         "For the comparison take a function that runs in constant time."},
                .misses = {"Compare the two with ==."}}},
     .asks =
         {{"How do I check that a webhook really comes from you?", 0b001, Opener},
          {"my webhook signature never matches", 0b011, Opener},
          {"Which hash do you use for it?", 0b001},
          {"Do I sign the parsed object or the text?", 0b010},
          {"How should I compare them?", 0b100},
          {"It works for small events but not for those with umlauts. Why?", 0b010, FollowUp},
          {"is == good enough for it", 0b100, FollowUp},
          {"Can you show me the code for checking the signature?", 0b111, Opener},
          {"We receive your webhooks in a small Python service. For some weeks about one in ten "
           "events "
           "has failed our signature check, always those with special characters in the name of "
           "the "
           "room. Below is the code that we use. Please tell us what is wrong with it and how it "
           "should be done.\n\nevent = request.get_json()\nbody = json.dumps(event)\n"
           "digest = hashlib.sha256((secret + body).encode()).hexdigest()\n"
           "if digest != request.headers[\"X-Signature\"]:\n    abort(401)",
           0b111, Opener},
          {"We have rewritten it now and it looks better. The security people in our company ask "
           "about "
           "one more thing, as they have found a comparison of two strings in the code and do not "
           "like it. Please tell us how that line should look, and once more over which bytes the "
           "signature is computed.",
           0b110, FollowUp},
          {"Which bytes exactly are signed?", 0b010, FollowUp},
          {"For a customer we have to pass on your events to another system, and the proxy in the "
           "middle takes them apart and puts them together again, sorted and without blanks. The "
           "receiving code is a few lines of Go and computes the hash over what it gets. Two in a "
           "hundred are refused, and we cannot see any rule in it. Please explain what must be "
           "compared with what, which function it is, and how the comparison itself should be "
           "done.",
           0b111, Opener}},
     .steps = {"Read the request before any middleware does.", "Compute your own signature.",
               "Compare it with the header X-Signature.", "Answer 401 if they differ."},
     .details = {"The secret is shown once, when you create the endpoint.",
                 "You can have two secrets while you rotate them.",
                 "We retry a failed delivery for a day.", "The header holds lower-case hex.",
                 "Events may arrive twice, each has an id."},
     .cautions = {"Please keep the secret out of your repository.",
                  "A proxy in between may change the content."}},

    {.id = "rate-limit",
     .title = "Rate limits of the API",
     .about = "the rate limit of our API",
     .hardness = Hardness::Hard,
     .facts = {{.spellings = {"60 requests", "sixty requests"},
                .says = {"The limit is 60 requests a minute for each token.",
                         "Each token may send 60 requests a minute.",
                         "You have 60 requests per minute and token."},
                .misses = {"There is a limit for each token."}},
               {.spellings = {"Retry-After"},
                .says = {"Wait as long as the Retry-After header says.",
                         "The answer carries a Retry-After header with the seconds to wait.",
                         "Read Retry-After and try again then."},
                .misses = {"Wait a moment and try again."}},
               {.spellings = {"batch"},
                .says = {"The batch endpoint takes 100 devices in one call.",
                         "With the batch endpoint, 100 devices are one request.",
                         "Use the batch endpoint if you read many devices."},
                .misses = {"Try to send fewer requests."}}},
     .asks =
         {{"What is the rate limit of your API?", 0b001, Opener},
          {"getting 429 all the time", 0b011, Opener},
          {"How long should I wait after a 429?", 0b010},
          {"I poll 80 devices every minute. How can I do that?", 0b100},
          {"Is the limit per token or per account?", 0b001, FollowUp},
          {"is there one call for all devices", 0b100, FollowUp},
          {"What should my client do when it is refused?", 0b010, FollowUp},
          {"My code polls forty lamps and is refused. What is the limit?", 0b101, Opener},
          {"For our office we have written a small dashboard which reads the state of all lamps "
           "and of the "
           "{item} every ten seconds. In the first days this was fine, now most calls come back "
           "with "
           "429, and after some minutes nothing works at all. The code simply repeats a call that "
           "fails. Please tell us how you want this to be done.",
           0b111, Opener},
          {"Understood. We have counted, and on a normal day the code sends about four hundred "
           "calls each "
           "minute, most of them to ask the same lamps again and again, since nobody thought of "
           "anything better in the beginning. We can change that. Please tell us which of your "
           "endpoints is meant for it, and what a polite client does when it is told to wait.",
           0b110, FollowUp},
          {"What's the polite way to retry?", 0b010, FollowUp},
          {"Each of our twenty shops has a small computer that switches the lights by a timetable, "
           "and all of them begin at seven o'clock sharp. Since we opened the last three, about "
           "half of the calls at seven are turned down, and the code then tries again at once "
           "until it works, which it hardly ever does. All of them use the same token at present. "
           "Please tell us what the limit is, and how one would do this properly.",
           0b111, Either}},
     .steps = {"Count your calls for a minute.", "Keep the answers for as long as they are valid.",
               "Spread the calls over the minute.", "Back off when you are refused."},
     .details = {"Webhooks save you the polling altogether.",
                 "Tokens of one account do not share their budget.",
                 "The headers tell what is left.", "A refused call does not count.",
                 "The enterprise plan has a larger budget."},
     .cautions = {"Please do not use many tokens to get round it.",
                  "Clients that ignore it may be blocked for an hour."}},

    {.id = "camera-offline",
     .title = "Camera offline",
     .about = "your camera",
     .facts = {{.spellings = {"2 Mbit", "two Mbit"},
                .says = {"A camera needs 2 Mbit per second of upload.",
                         "The upload has to be at least 2 Mbit per second.",
                         "Each camera takes 2 Mbit of your upload."},
                .misses = {"A camera needs a good connection."}},
               {.spellings = {"port 443"},
                .says = {"Port 443 has to be open in your firewall.",
                         "It talks to us on port 443, which must not be blocked.",
                         "Allow outgoing traffic on port 443."},
                .misses = {"Your firewall should let it through."}},
               {.spellings = {"power adapter"},
                .says = {"Use the power adapter from the box, others are too weak.",
                         "Many cameras drop out because of a weak power adapter, take ours.",
                         "Check the power adapter, it must be the original one."},
                .misses = {"Check that it has power."}}},
     .asks =
         {{"Why does my camera go offline at night?", 0b101, Opener},
          {"camera offline since {day}", 0b111, Opener},
          {"How fast does my internet have to be?", 0b001},
          {"Which port does it use?", 0b010},
          {"Can I use any USB charger?", 0b100},
          {"We have a firewall at work. What do we have to open?", 0b010, FollowUp},
          {"two cameras on one line, enough?", 0b001, FollowUp},
          {"The camera shows a code with three blinks and drops out. Is it the power?", 0b100},
          {"We have hung up four cameras in the yard and since then one of them is offline every "
           "evening, "
           "not always the same. I have written down the code that blinks, it is two long and one "
           "short. They are fed by an old phone charger with a long cable. The line is the "
           "smallest "
           "that one can get here. Please tell me where I should begin.",
           0b101, Opener},
          {"I have changed the chargers, and it has got better. In the office it still does not "
           "run at "
           "all. Our administrator says that everything is closed there and that he needs a list, "
           "with the area code of the building on it, of what has to be open. Please tell me what "
           "to hand to him.",
           0b010, FollowUp},
          {"Is 1 Mbit of upload enough?", 0b001, FollowUp},
          {"The camera at the stable is offline from about six in the evening, when the milking "
           "starts, until eight. The rest of the day it is fine. It hangs at the end of a long "
           "cable on a charger that I had left over, and the same line also feeds the office. The "
           "light blinks in a pattern, which should be code 3 according to the paper. Please tell "
           "me if it could be the power or the line, and what each of them has to deliver.",
           0b101, Either}},
     .steps = {"Look at the light on the front.", "Restart the router, then the camera.",
               "Test the line where the camera hangs.", "Set the picture to a lower quality."},
     .details = {"Night pictures need more data than those of the day.",
                 "The app shows the signal of each camera.",
                 "Recordings go on to the card while it is offline.",
                 "A repeater halves the speed.", "Cold below minus ten slows the battery."},
     .cautions = {"Please do not open the housing.",
                  "A long cable may lose more power than expected."}},

    {.id = "heating-maths",
     .title = "Heating schedule",
     .about = "your heating schedule",
     .hardness = Hardness::Hard,
     .facts = {{.spellings = {"7 days", "seven days"},
                .says = {"The thermostat learns for 7 days before it saves anything.",
                         "It needs 7 days to learn how fast your rooms get warm.",
                         "After 7 days of learning the forecast is right."},
                .misses = {"The thermostat learns for some time."}},
               {.spellings = {"6 percent", "6 %", "six percent"},
                .says = {"One degree less saves about 6 percent.",
                         "As a rule, each degree is worth 6 percent of the heating.",
                         "You save about 6 percent for each degree."},
                .misses = {"A degree less saves a good part of your bill."}},
               {.spellings = {"offset"},
                .says = {"If it measures too warm, set an offset under Sensors.",
                         "Correct the reading with an offset in the sensor settings.",
                         "Enter the difference as an offset and it is taken into account."},
                .misses = {"If it measures too warm, hang it somewhere else."}}},
     .asks =
         {{"How long does the thermostat learn?", 0b001, Opener},
          {"thermostat shows 2 degrees too much", 0b100, Opener},
          {"How much do I save with one degree less?", 0b010},
          {"Can I correct the reading?", 0b100},
          {"It heats too early. Will that change?", 0b001},
          {"and with two degrees?", 0b010, FollowUp},
          {"where do I enter that", 0b100, FollowUp},
          {"Is there some math behind the savings in the app?", 0b010},
          {"I am trying to understand the math of the savings that the app shows me. We went from "
           "22 "
           "degrees to 20 in the living room and from 20 to 17 at night, and the app says that "
           "this "
           "is 31 percent, which I can not believe. The thermostat has been there for four days "
           "and "
           "shows one degree more than my old one. Please explain how this comes about.",
           0b111, Opener},
          {"So the math was fine and the reading was wrong, if I understand you right. I have now "
           "put a "
           "second thermometer beside it and it shows 19.4 where yours says 20.6, in the morning "
           "and in the evening. Please tell me what I do with the difference, and from when on I "
           "can "
           "trust the forecast.",
           0b101, FollowUp},
          {"How long until it stops heating too early?", 0b001, FollowUp},
          {"We are a school and our caretaker has asked me to check the math in your report, since "
           "we have to report our savings to the town. In the two rooms with your thermostats we "
           "went down by one and a half degrees in January. The report speaks of a saving of nine "
           "percent against the same month of last year, with the weather taken out. Please "
           "explain how much one may expect per degree, and from when on the numbers are reliable.",
           0b011, Either}},
     .steps = {"Open the thermostat in the app.", "Compare it with a second thermometer.",
               "Set the temperature for day and night.", "Look at the report after a while."},
     .details = {"Open windows are noticed and heating stops.",
                 "Floor heating is slower and starts earlier.",
                 "The report compares with the same weather.", "Each room learns for itself.",
                 "A holiday does not disturb what it has learned."},
     .cautions = {"Please do not go below 16 degrees in winter, because of damp.",
                  "Savings may differ from house to house."}},
};

constexpr std::string_view kAsides[] = {
    "The app shows the state of each device under its name.",
    "A restart of the hub takes about a minute.",
    "Our status page says if something is wrong on our side.",
    "It helps to note the time when it happens.",
    "All of this also works in the web app.",
};

} // namespace

const SegmentTopics kTechnicalTopics = {"Technical", 0.17, kTopics, kAsides};

} // namespace signalbox::sample
